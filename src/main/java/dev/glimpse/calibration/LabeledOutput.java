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
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LabeledOutput(String file, int actual, float[] output) {

  /** Judges the calibrated scores. */
  Judgement judge(Activation activation, ScoreCalibration calibration) {
    return Judgement.of(
        file, actual, activation.apply(output), calibration.scores(activation, output), 0);
  }
}
