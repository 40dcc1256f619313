package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.evaluation.Comparison;
import dev.glimpse.evaluation.Evaluation;
import dev.glimpse.evaluation.EvaluationReport;
import dev.glimpse.evaluation.Evaluator;
import dev.glimpse.evaluation.HtmlReport;
import dev.glimpse.evaluation.JsonReport;
import dev.glimpse.evaluation.LabeledImages;
import dev.glimpse.evaluation.LabeledImages.LabeledImage;
import dev.glimpse.evaluation.TextReport;
import dev.glimpse.evaluation.Thumbnails;
import dev.glimpse.folder.RowText;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * Runs {@code models evaluate <model> <images>}: measures a model on labelled images, or compares
 * two. The exit status is 1 if an image was not classified, or there is no report.
 */
final class ModelsEvaluate {

  private static final int RESAMPLES = 10_000;

  private final Output out;

  ModelsEvaluate(Output out) {
    this.out = out;
  }

  int run(ParseResult parsed) {
    EvaluateOptions options = EvaluateOptions.of(parsed);
    return ImageCommand.run(
        out,
        "Images or report cannot be read or written",
        (config, signal) -> run(options, config, signal));
  }

  private int run(EvaluateOptions options, GlimpseConfig config, StopOnSignal signal)
      throws IOException {
    if (options.html().isPresent()) {
      requireWritable(options.html().get());
    }
    List<LabeledImage> images = LabeledImages.read(options.dataset());
    ImageDecoder decoder = new ImageDecoder(config, ImageCodecs.all());
    Evaluation evaluation = evaluate(options.model(), images, options, config, decoder, signal);
    Optional<Evaluation> against = Optional.empty();
    if (options.against().isPresent()) {
      against =
          Optional.of(evaluate(options.against().get(), images, options, config, decoder, signal));
    }
    if (signal.isSignalled()) {
      return out.fail("Stopped by a signal, without a report.");
    }
    EvaluationReport report =
        new EvaluationReport(
            options.dataset().toString(),
            evaluation,
            against,
            against.map(other -> Comparison.of(evaluation, other, RESAMPLES, options.seed())));
    out.print(
        options.format() == EvaluateOptions.Format.JSON
            ? RowText.jsonLines(JsonReport.of(report).toPrettyString())
            : TextReport.of(report));
    if (options.html().isPresent()) {
      Thumbnails thumbnails =
          new Thumbnails(images, decoder, config.image().maxBytes().asLongValue());
      Files.writeString(options.html().get(), HtmlReport.of(report, thumbnails::dataUri));
    }
    boolean all =
        evaluation.failures().isEmpty()
            && report.against().map(other -> other.failures().isEmpty()).orElse(true);
    return all ? Commands.OK : Commands.FAILED;
  }

  private static void requireWritable(Path file) {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    boolean writable =
        Files.exists(file)
            ? !Files.isDirectory(file) && Files.isWritable(file)
            : Files.isWritable(folder);
    if (!writable) {
      throw new IllegalArgumentException(
          "--html %s cannot be written; name a file in a folder that exists.".formatted(file));
    }
  }

  private Evaluation evaluate(
      String name,
      List<LabeledImage> images,
      EvaluateOptions options,
      GlimpseConfig config,
      ImageDecoder decoder,
      StopOnSignal signal)
      throws IOException {
    try (StandaloneLoader loading = new StandaloneLoader(config);
        Model model =
            loading.loader().load(new ModelChoice(config, options.models()).folder(name))) {
      ProgressBar progress = ProgressBar.of(out.err(), images.size());
      Evaluator evaluator =
          new Evaluator(
              model,
              loading.inference(model, decoder),
              WorkersOption.count(options.workers(), config));
      signal.stopsBy(evaluator::stop);
      Evaluation evaluation = evaluator.run(images, options.bins(), progress::done);
      progress.clear();
      return evaluation;
    }
  }
}
