package dev.glimpse.explain;

import java.util.Locale;

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

  /** Returns its name in requests and answers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
