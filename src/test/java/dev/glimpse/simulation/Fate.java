package dev.glimpse.simulation;

/** Says what happens to an image, whenever it is classified. */
enum Fate {
  GOOD,
  CORRUPT,
  DECODER_RUNS_OUT_OF_MEMORY,
  DECODER_OVERFLOWS_THE_STACK,
  PIXELS_CANNOT_BE_READ,
  GRAPH_FAILS,
  GRAPH_RUNS_OUT_OF_MEMORY
}
