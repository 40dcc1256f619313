package dev.glimpse.recipe;

import dev.glimpse.repository.JsonFile;

/**
 * Who says how a picture becomes a tensor, step by step, for people; each is a file with its keys,
 * the graph, or a default.
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

  /** Of what the graph's input shows by its shape and type. */
  static final String INPUT = "graph: its input";
}
