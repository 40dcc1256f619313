package dev.glimpse.events;

/** Names the protocols of requests, as docs/protocols.md lists them. */
final class Protocol {

  private Protocol() {}

  /**
   * Returns the name of a request's protocol.
   *
   * @param path that the request was sent to
   */
  static String of(String path) {
    if (path.equals("/predict")) {
      return "predict";
    }
    if (path.equals("/predict/batch")) {
      return "predict-batch";
    }
    return switch (firstFolder(path)) {
      case "v1" -> "kserve-v1";
      case "v2" -> "open-inference-v2";
      case "models" -> "hugging-face";
      case "predictions" -> "torchserve";
      case "invocations" -> "sagemaker";
      default -> "vertex"; // whose path is a setting
    };
  }

  private static String firstFolder(String path) {
    int end = path.indexOf('/', 1);
    return path.substring(path.startsWith("/") ? 1 : 0, end < 0 ? path.length() : end);
  }
}
