package dev.glimpse.pull;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Finds the files of a model on the Hugging Face Hub, {@code <organization>/<name>}, by its <a
 * href="https://huggingface.co/docs/hub/models-downloading">file URLs</a>. A file's size, and the
 * SHA-256 of a large one, are in the headers of the response to a HEAD, before it redirects to the
 * storage server.
 */
public final class HuggingFaceHub {

  /** The environment variable that holds the token, as for the hub's own tools. */
  public static final String TOKEN = "HF_TOKEN";

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  private static final List<String> GRAPHS = List.of("model.onnx", "onnx/model.onnx");

  /** Suffixes of external weights beside the graph: Optimum's, PyTorch's. */
  private static final List<String> WEIGHTS = List.of("_data", ".data");

  private static final String CONFIG = "config.json";
  private static final List<String> PROCESSORS =
      List.of("preprocessor_config.json", "processor_config.json");

  private final DownloadClient client;
  private final String base;

  /**
   * Creates a client of a hub; sends nothing.
   *
   * @param base the hub's address
   */
  public HuggingFaceHub(DownloadClient client, String base) {
    this.client = client;
    this.base = DownloadUrls.of(base).toString().replaceFirst("/+$", "");
  }

  /** Returns whether this is a hub's form of a model name. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private record Found(RemoteFile file, Optional<String> commit) {}

  /**
   * Finds a model's files and returns the request for them, all at the same commit. Blocks until
   * the hub has responded.
   *
   * @param called the name in the repository; empty: the part after the slash
   * @throws FetchException if the hub cannot be reached, or the model has no graph or no {@code
   *     config.json}
   */
  public PullRequest request(String name, Optional<String> called) {
    String target = PullRequest.requireName(called.orElse(name.substring(name.indexOf('/') + 1)));
    try {
      String source = base + "/" + name;
      Found graph = null;
      for (String path : GRAPHS) {
        graph = graph == null ? find(name, "main", path).orElse(null) : graph;
      }
      if (graph == null) {
        throw new FetchException(
            "%s does not exist, or has neither model.onnx nor onnx/model.onnx: check the name, or export the model with optimum-cli."
                .formatted(source));
      }
      RemoteFile found = graph.file();
      String commit = graph.commit().orElse("main");
      List<RemoteFile> files = new ArrayList<>();
      files.add(
          find(name, commit, CONFIG).map(Found::file).orElseThrow(() -> noConfig(source, found)));
      for (String processor : PROCESSORS) {
        find(name, commit, processor).map(Found::file).ifPresent(files::add);
      }
      files.add(find(name, commit, found.path()).map(Found::file).orElse(found));
      for (String weights : WEIGHTS) {
        find(name, commit, found.path() + weights).map(Found::file).ifPresent(files::add);
      }
      return new PullRequest(target, source, files, Map.of());
    } catch (RetryableDownloadException e) {
      throw new FetchException(base + " did not respond: " + e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new FetchException(base + " did not respond.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("The download was interrupted.", e);
    }
  }

  private static FetchException noConfig(String source, RemoteFile graph) {
    return new FetchException(
        "%s has no %s, which would name its classes. To fetch its graph alone: models pull %s"
            .formatted(source, CONFIG, graph.address()));
  }

  private Optional<Found> find(String name, String revision, String path)
      throws IOException, InterruptedException {
    URI requested = URI.create("%s/%s/resolve/%s/%s".formatted(base, name, revision, path));
    URI address = requested;
    for (int i = 0; i <= DownloadClient.MAX_REDIRECTS; i++) {
      HttpResponse<TimedBodySubscriber> response = client.head(address);
      response.body().cancel();
      int status = response.statusCode();
      Optional<String> commit =
          response
              .headers()
              .firstValue("X-Repo-Commit")
              .filter(text -> COMMIT.matcher(text).matches());
      if (status == 200 || (DownloadClient.isRedirect(response) && commit.isPresent())) {
        RemoteFile file =
            new RemoteFile(
                path, address, size(response), sha256(response.headers()), Optional.empty());
        return Optional.of(new Found(file, commit));
      }
      if (!DownloadClient.isRedirect(response)) {
        if (status == 404) {
          return Optional.empty();
        }
        if (status == 401 || status == 403) { // the hub's response for unknown models, too
          throw new FetchException(
              "%s/%s responded with status %d: %s, or the model does not exist."
                  .formatted(
                      base,
                      name,
                      status,
                      client.sendsTokenTo(address)
                          ? "the token in " + TOKEN + " has no access to it"
                          : "it requires a login (set " + TOKEN + " to a token)"));
        }
        throw new FetchException("%s responded with status %d.".formatted(address, status));
      }
      URI target = DownloadClient.target(response); // the model was renamed
      DownloadUrls.require(requested, target);
      address = target;
    }
    throw DownloadClient.tooManyRedirects(requested);
  }

  private static OptionalLong size(HttpResponse<?> response) {
    OptionalLong linked = response.headers().firstValueAsLong("X-Linked-Size");
    return linked.isPresent() || DownloadClient.isRedirect(response)
        ? linked
        : response.headers().firstValueAsLong("Content-Length");
  }

  private static Optional<String> sha256(HttpHeaders headers) {
    return headers
        .firstValue("X-Linked-ETag")
        .or(() -> headers.firstValue("ETag"))
        .map(tag -> tag.replace("W/", "").replace("\"", ""))
        .filter(RemoteFile::isSha256);
  }
}
