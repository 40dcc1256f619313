package dev.glimpse.postprocess;

/** Says why the best class of an image is not to be trusted. */
public enum Uncertainty {
  /** The image is unlike those that the model knows, by its vector. */
  UNLIKE_TRAINING("unlike_training"),

  /** The score is below the least one for any class. */
  LOW_SCORE("low_score"),

  /** The score is below the least one for its class. */
  BELOW_CLASS_THRESHOLD("below_class_threshold"),

  /** The score is too little above that of the second class. */
  SMALL_MARGIN("small_margin");

  private final String code;

  Uncertainty(String code) {
    this.code = code;
  }

  /** Returns the reason as responses have it, such as {@code low_score}. */
  public String code() {
    return code;
  }
}
