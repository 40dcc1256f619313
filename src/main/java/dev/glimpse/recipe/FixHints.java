package dev.glimpse.recipe;

/** What to mend where a recipe does not fit the graph, in the words of who wrote the recipe. */
enum FixHints {
  HUGGING_FACE(
      "says \"channels_last\"; mend its \"data_format\", or leave it out",
      "mend its \"do_flip_channel_order\"",
      "write one for \"image_mean\" and one for \"image_std\"",
      "set \"do_rescale\" and \"do_normalize\" to false, or export the graph with a float input",
      "mend its \"rescale_factor\", or its deviations",
      "add \"crop_size\", or a \"size\" of height and width"),
  TIMM(
      "puts the channels last",
      "mend its \"input_size\"",
      "write one for \"mean\" and one for \"std\"",
      "add a preprocessor_config.json with \"do_rescale\" and \"do_normalize\" set to false, or"
          + " export the graph with a float input",
      "mend its \"std\"",
      "mend its \"input_size\""),
  DJL(
      "says toTensor=false, which leaves the channels last; mend it",
      "mend its flag",
      "leave normalize out, or export the graph with three channels",
      "set toTensor=false and leave normalize and range out, or export the graph with a float input",
      "mend its normalize",
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

  /** The channels are last, and the graph has them first. */
  String layout() {
    return layout;
  }

  /** More channels, or fewer, than the graph takes. */
  String channels() {
    return channels;
  }

  /** Three numbers for one channel. */
  String oneNumber() {
    return oneNumber;
  }

  /** Fractions, for a graph that takes bytes. */
  String wholeNumbers() {
    return wholeNumbers;
  }

  /** Numbers too large for float16. */
  String smallerNumbers() {
    return smallerNumbers;
  }

  /** Pictures of any size, for a graph that takes one. */
  String size() {
    return size;
  }
}
