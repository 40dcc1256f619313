package dev.glimpse.api.predict;

import dev.glimpse.pipeline.ScoreOptions;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Reads the options for scores from valid parameters. */
final class ScoreParameters {

  static final String THRESHOLD =
      "0|1|(0?\\.[0-9]{1,20})|(1\\.0{1,20})|([1-9](\\.[0-9]{1,20})?[eE]-[0-9]{1,2})";
  static final String THRESHOLD_WORDS = "must be a number from 0 to 1";
  static final String LABELS = "[^,]{1,200}(,[^,]{1,200}){0,999}";
  static final String LABELS_WORDS =
      "must be up to 1000 labels or indices of classes, separated by commas";
  static final String BOOLEAN = "true|false";
  static final String BOOLEAN_WORDS = "must be true or false";

  private ScoreParameters() {}

  static ScoreOptions read(
      @Nullable String threshold, @Nullable String labels, @Nullable String renormalize) {
    if (threshold == null && labels == null && renormalize == null) {
      return ScoreOptions.NONE;
    }
    return new ScoreOptions(
        threshold == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(Double.parseDouble(threshold)),
        labels == null ? List.of() : Arrays.stream(labels.split(",")).map(String::strip).toList(),
        Boolean.parseBoolean(renormalize));
  }
}
