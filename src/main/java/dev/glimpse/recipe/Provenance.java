package dev.glimpse.recipe;

import dev.glimpse.repository.JsonFile;

/**
 * Names the source of each preprocessing value, for people: a file with its keys, the graph, or a
 * default.
 */
public record Provenance(
    String resize,
    String filter,
    String crop,
    String rescale,
    String mean,
    String deviation,
    String channels,
    String layout) {

  /** Names the origin of a value that no file sets. */
  public static final String DEFAULT = JsonFile.DEFAULT;

  /** Names the origin of a value that the shape or the type of the graph's input shows. */
  static final String INPUT = "graph: its input";
}
