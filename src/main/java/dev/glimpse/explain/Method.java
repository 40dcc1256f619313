package dev.glimpse.explain;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Lists the ways to find out which parts of an image a score comes from. */
public enum Method {
  /** The class activation map if the graph has one, or else {@link #RISE}. */
  AUTO,
  /** The class activation map of <a href="https://arxiv.org/abs/1512.04150">Zhou et al.</a> */
  CAM,
  /**
   * Hides one part after the other, as <a href="https://arxiv.org/abs/1311.2901">Zeiler and
   * Fergus</a> do.
   */
  OCCLUSION,
  /** Hides random parts, as <a href="https://arxiv.org/abs/1806.07421">Petsiuk et al.</a> do. */
  RISE;

  /** Matches the {@linkplain #word words} of all methods. */
  public static final String PATTERN = "auto|cam|occlusion|rise";

  /** Lists the words in a sentence. */
  public static final String WORDS = "auto, cam, occlusion or rise";

  /** Returns its name in requests and answers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the method with a {@link #word}; empty if there is no such method. */
  public static Optional<Method> of(String word) {
    return Arrays.stream(values()).filter(method -> method.word().equals(word)).findFirst();
  }
}
