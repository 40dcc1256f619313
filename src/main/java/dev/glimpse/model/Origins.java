package dev.glimpse.model;

/**
 * Who says how a picture becomes a tensor, step by step, for people; each is a file with its keys,
 * the graph, or a default.
 */
record Origins(
    String resize,
    String filter,
    String crop,
    String rescale,
    String mean,
    String deviation,
    String channels,
    String layout) {

  /** Of what nobody says. */
  static final String DEFAULT = "default";

  /** Of what the graph's input shows by its shape and type. */
  static final String INPUT = "graph: its input";
}
