package dev.glimpse.pull;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Graphs that lie at an address of their own. */
public final class GraphUrl {

  private static final String SUFFIX = ".onnx";

  private GraphUrl() {}

  /** Whether this is how such an address looks. */
  public static boolean isAddress(String text) {
    return text.contains("://");
  }

  /**
   * A graph on its own, called as its file is.
   *
   * @param name what it is to be called instead
   * @param sha256 its checksum, where that is known
   */
  public static PullRequest order(String text, Optional<String> name, Optional<String> sha256) {
    URI address = DownloadUrls.of(text);
    String path = String.valueOf(address.getPath());
    if (!path.endsWith(SUFFIX)) {
      throw new FetchException("\"" + text + "\" is no address of an .onnx file.");
    }
    String file = path.substring(path.lastIndexOf('/') + 1, path.length() - SUFFIX.length());
    RemoteFile graph =
        new RemoteFile("model.onnx", address, OptionalLong.empty(), sha256, Optional.empty());
    return new PullRequest(name.orElse(file), text, List.of(graph), Map.of());
  }
}
