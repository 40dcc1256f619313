package dev.glimpse.calibration;

import dev.glimpse.evaluation.Judgement;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ScoreCalibration;

/**
 * Holds what the graph gave for an image, and what the image shows.
 *
 * @param file the image's name
 * @param actual the index of its class
 * @param output the graph's
 * @param vector what enters the graph's last linear layer; empty if that is not known
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LabeledOutput(String file, int actual, float[] output, float[] vector) {

  /** Knows no vector. */
  LabeledOutput(String file, int actual, float[] output) {
    this(file, actual, output, new float[0]);
  }

  /** Returns whether the best class is certain by its score. */
  boolean isCertain(Activation activation, ScoreCalibration calibration) {
    return calibration
        .uncertainty(
            judge(activation, calibration).predicted(), calibration.scores(activation, output))
        .isEmpty();
  }

  /** Judges the calibrated scores. */
  Judgement judge(Activation activation, ScoreCalibration calibration) {
    return Judgement.of(
        file, actual, activation.apply(output), calibration.scores(activation, output), 0);
  }
}
