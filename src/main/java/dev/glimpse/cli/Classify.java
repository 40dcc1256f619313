package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import dev.glimpse.folder.CsvRows;
import dev.glimpse.folder.FileClassifier;
import dev.glimpse.folder.FolderRun;
import dev.glimpse.folder.ImageInputs;
import dev.glimpse.folder.ImageSorter;
import dev.glimpse.folder.JsonRows;
import dev.glimpse.folder.ReadableRows;
import dev.glimpse.folder.RowFile;
import dev.glimpse.folder.RowFormat;
import dev.glimpse.folder.RowOutput;
import dev.glimpse.folder.TableRows;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ResultOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Runs {@code classify <file>…}: classifies image files as the service does, without one. The exit
 * status is 0 if every image was classified, 1 if not, or if the command was stopped by what it
 * reports; a signal lets the rows that have begun be written, and ends it with 128 and its number.
 */
final class Classify {

  private final Output out;

  Classify(Output out) {
    this.out = out;
  }

  int run(ParseResult parsed) {
    ClassifyOptions options = ClassifyOptions.of(parsed);
    try {
      return ImageCommand.run(
          out,
          "Stopped, as the output cannot be written",
          (config, signal) -> run(options, config, signal));
    } catch (WrongOptionException e) {
      throw new ParameterException(parsed.commandSpec().commandLine(), e.getMessage(), e);
    }
  }

  private int run(ClassifyOptions options, GlimpseConfig config, StopOnSignal signal)
      throws IOException {
    try (StandaloneLoader loading = new StandaloneLoader(config);
        Model model =
            loading
                .loader()
                .load(
                    new ModelChoice(config, options.models())
                        .folder(options.model(), options.version()))) {
      return run(options, config, loading, model, signal);
    }
  }

  private static String sentence(ServingException e) {
    return e.parameter().map(name -> "--" + name.replace('_', '-') + " ").orElse("")
        + e.detail()
        + ".";
  }

  private int run(
      ClassifyOptions options,
      GlimpseConfig config,
      StandaloneLoader loading,
      Model model,
      StopOnSignal signal)
      throws IOException {
    ResultOptions results = results(options, model);
    RowFormat format = format(options, model, results);
    FileClassifier classifier = new FileClassifier(loading.inference(model), results);
    try (@Nullable ImageSorter sorter = sorter(options, results);
        RowOutput output = output(options, format)) {
      Optional<RowFile> resumed =
          output instanceof RowFile file && options.resume() ? Optional.of(file) : Optional.empty();
      ClassifyProgress progress =
          ClassifyProgress.start(
              out.err(),
              Terminal.isError() && !(options.output().isEmpty() && Terminal.isOutput()),
              () -> inputs(options),
              resumed.map(RowFile::resumed).orElse(0),
              resumed.map(RowFile::failed).orElse(0L));
      FolderRun run =
          new FolderRun(
              classifier,
              format,
              Optional.ofNullable(sorter),
              progress,
              WorkersOption.count(options.workers(), config));
      signal.stopsBy(run::stop);
      ImageInputs inputs = inputs(options);
      if (resumed.isPresent() && format instanceof ReadableRows rows) {
        run.finish(resumed.get());
        run.run(inputs, input -> resumed.get().has(rows.written(input.name())), output);
      } else {
        run.run(inputs, input -> false, output);
      }
      return progress.end(inputs.skipped(), inputs.folders()) ? Commands.OK : Commands.FAILED;
    }
  }

  private static ResultOptions results(ClassifyOptions options, Model model) {
    try {
      return ResultOptions.of(
          new ClassificationOptions(
              Optional.of(options.topK()), options.language(), List.of(), options.scores()),
          model);
    } catch (ServingException e) {
      throw new WrongOptionException(sentence(e), e);
    }
  }

  /** Says that an option does not fit the model. */
  private static final class WrongOptionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongOptionException(String sentence, ServingException cause) {
      super(sentence, cause);
    }
  }

  private static RowFormat format(ClassifyOptions options, Model model, ResultOptions results) {
    return switch (options.format()) {
      case TABLE -> new TableRows(results.labels());
      case CSV ->
          new CsvRows(
              results.topK(), options.sortInto().isPresent(), model.name() + "/" + model.version());
      case JSONL -> new JsonRows(model.name(), model.version());
    };
  }

  private static @Nullable ImageSorter sorter(ClassifyOptions options, ResultOptions results)
      throws IOException {
    return options.sortInto().isEmpty()
        ? null
        : new ImageSorter(options.sortInto().get(), options.by(), results.labels());
  }

  private RowOutput output(ClassifyOptions options, RowFormat format) throws IOException {
    if (options.output().isEmpty()) {
      RowOutput output = new PrintedRows(out.out());
      output.write(format.header());
      return output;
    }
    return options.resume() && format instanceof ReadableRows rows
        ? RowFile.resume(options.output().get(), rows)
        : RowFile.create(options.output().get(), format);
  }

  private static ImageInputs inputs(ClassifyOptions options) {
    return new ImageInputs(
        options.inputs(),
        new ImageInputs.Options(options.recursive(), options.nul(), options.excluded()),
        System.in);
  }
}
