package dev.glimpse.pull;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes the request for a single graph at a URL. */
public final class GraphUrl {

  private static final String SUFFIX = ".onnx";

  private GraphUrl() {}

  /** Returns whether a command's argument is a URL, and not a model's name. */
  public static boolean isAddress(String text) {
    return text.contains("://");
  }

  /**
   * Returns the request for a graph without further files.
   *
   * @param name the model's name; empty: the file's name without its suffix
   * @param sha256 the file's checksum, if it is known
   * @throws FetchException if the address is not allowed, or is not that of an .onnx file
   */
  public static PullRequest request(String text, Optional<String> name, Optional<String> sha256) {
    URI address = DownloadUrls.of(text);
    String path = String.valueOf(address.getPath());
    if (!path.endsWith(SUFFIX)) {
      throw new FetchException("\"" + text + "\" is not the address of an .onnx file.");
    }
    String file = path.substring(path.lastIndexOf('/') + 1, path.length() - SUFFIX.length());
    RemoteFile graph =
        new RemoteFile("model.onnx", address, OptionalLong.empty(), sha256, Optional.empty());
    return new PullRequest(name.orElse(file), text, List.of(graph), Map.of());
  }
}
