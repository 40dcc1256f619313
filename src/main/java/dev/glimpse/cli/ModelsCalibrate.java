package dev.glimpse.cli;

import dev.glimpse.calibration.CalibrationReport;
import dev.glimpse.calibration.CalibrationWriter;
import dev.glimpse.calibration.Calibrator;
import dev.glimpse.calibration.Fit;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.evaluation.LabeledImages;
import dev.glimpse.evaluation.LabeledImages.LabeledImage;
import dev.glimpse.failure.Printable;
import dev.glimpse.model.Model;
import dev.glimpse.recipe.CalibrationFile;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ParseResult;

/**
 * Runs {@code models calibrate <model> <images>}: fits what makes a model's scores probabilities on
 * one half of the images, measures it on the other, and writes it beside the model. The exit status
 * is 1 if an image was not classified, or nothing is written.
 */
final class ModelsCalibrate {

  private static final int NAMED = 10;

  private final Output out;

  ModelsCalibrate(Output out) {
    this.out = out;
  }

  int run(ParseResult parsed) {
    CalibrateOptions options = CalibrateOptions.of(parsed);
    return ImageCommand.run(
        out,
        "Images cannot be read, or calibration.json cannot be written",
        (config, signal) -> run(options, config, signal));
  }

  private int run(CalibrateOptions options, GlimpseConfig config, StopOnSignal signal)
      throws IOException {
    List<LabeledImage> images = Calibrator.some(LabeledImages.read(options.dataset()));
    ModelFolder folder = new ModelChoice(config, options.models()).folder(options.model());
    Map<String, String> files = CalibrationFile.fingerprints(folder, folder.graph());
    try (StandaloneLoader loading = new StandaloneLoader(config);
        Model model = loading.loader().loadUncalibrated(folder, options.keep().isPresent())) {
      model.activation(); // fails if it takes tensors only
      Calibrator calibrator =
          new Calibrator(
              model, loading.inference(model), WorkersOption.count(options.workers(), config));
      signal.stopsBy(calibrator::stop);
      Calibrator.Outputs outputs = run(calibrator, images);
      if (signal.isSignalled()) {
        return out.fail("Stopped by a signal; nothing was written.");
      }
      Fit fit =
          calibrator.fit(
              outputs.outputs(),
              new Fit.Targets(options.precision(), options.bins(), options.seed()),
              options.keep());
      out.print(
          CalibrationReport.text(
              folder.name() + "/" + folder.version(), model.labels().own(), fit));
      if (!options.dryRun()) {
        Path written = CalibrationWriter.write(folder, files, fit, options.precision());
        out.print("\nWrote %s.\n".formatted(Printable.of(written.toString())));
      }
      return reported(outputs);
    }
  }

  private Calibrator.Outputs run(Calibrator calibrator, List<LabeledImage> images)
      throws IOException {
    ProgressBar progress = ProgressBar.of(out.err(), images.size());
    Calibrator.Outputs outputs = calibrator.run(images, progress::done);
    progress.clear();
    return outputs;
  }

  private int reported(Calibrator.Outputs outputs) {
    if (outputs.failures().isEmpty()) {
      return Commands.OK;
    }
    out.print("\nNot classified: %d\n".formatted(outputs.failures().size()));
    outputs.failures().stream()
        .limit(NAMED)
        .forEach(one ->
            out.print(
                "  %s: %s\n".formatted(Printable.of(one.file()), Printable.of(one.detail()))));
    return Commands.FAILED;
  }
}
