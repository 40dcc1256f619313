package dev.glimpse.recipe;

/**
 * Tells the operator what to change if a recipe does not fit the graph, in the terms of the format
 * that the recipe was read from.
 */
enum FixHints {
  HUGGING_FACE(
      "says \"channels_last\"; correct its \"data_format\", or remove it",
      "correct its \"do_flip_channel_order\"",
      "give a single number for \"image_mean\" and for \"image_std\"",
      "set \"do_rescale\" and \"do_normalize\" to false, or export the graph with a float input",
      "correct its \"rescale_factor\", or its \"image_std\"",
      "add \"crop_size\", or a \"size\" of height and width"),
  TIMM(
      "puts the channels last",
      "correct its \"input_size\"",
      "give a single number for \"mean\" and for \"std\"",
      "add a preprocessor_config.json with \"do_rescale\" and \"do_normalize\" set to false, or"
          + " export the graph with a float input",
      "correct its \"std\"",
      "correct its \"input_size\""),
  DJL(
      "says toTensor=false, which puts the channels last; correct it",
      "correct its flag",
      "leave normalize out, or export the graph with three channels",
      "set toTensor=false and leave normalize and range out, or export the graph with a float input",
      "correct its normalize",
      "add resize=true, or centerCrop=true"),
  GRAPH(
      "puts the channels last",
      "add a preprocessor_config.json",
      "add a preprocessor_config.json with one for \"image_mean\" and one for \"image_std\"",
      "add a preprocessor_config.json with \"do_rescale\" and \"do_normalize\" set to false",
      "add a preprocessor_config.json",
      "add a preprocessor_config.json with a \"size\" of height and width");

  private final String layout;
  private final String channels;
  private final String oneNumber;
  private final String wholeNumbers;
  private final String smallerNumbers;
  private final String size;

  FixHints(
      String layout,
      String channels,
      String oneNumber,
      String wholeNumbers,
      String smallerNumbers,
      String size) {
    this.layout = layout;
    this.channels = channels;
    this.oneNumber = oneNumber;
    this.wholeNumbers = wholeNumbers;
    this.smallerNumbers = smallerNumbers;
    this.size = size;
  }

  /** The hint if the recipe puts the channels last and the graph has them first. */
  String layout() {
    return layout;
  }

  /** The hint if the recipe makes more or fewer channels than the graph takes. */
  String channels() {
    return channels;
  }

  /** The hint if the recipe gives three numbers for one channel. */
  String oneNumber() {
    return oneNumber;
  }

  /** The hint if the recipe makes fractions and the graph takes bytes. */
  String wholeNumbers() {
    return wholeNumbers;
  }

  /** The hint if the recipe makes numbers too large for float16. */
  String smallerNumbers() {
    return smallerNumbers;
  }

  /** The hint if the recipe makes images of any size and the graph takes one size. */
  String size() {
    return size;
  }
}
