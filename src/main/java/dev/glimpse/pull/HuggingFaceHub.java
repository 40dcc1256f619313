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
 * Models on Hugging Face's hub, {@code <organisation>/<name>}, by its <a
 * href="https://huggingface.co/docs/hub/models-downloading">addresses of files</a>. What it says of
 * a file beforehand (size, and the SHA-256 of large ones) is in the headers of a HEAD, before it
 * redirects to where the bytes lie.
 */
public final class HuggingFaceHub {

  /** The variable that holds who asks, as for the hub's own programs. */
  public static final String TOKEN = "HF_TOKEN";

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  private static final List<String> GRAPHS = List.of("model.onnx", "onnx/model.onnx");

  /** Weights that an exporter put beside the graph: Optimum's, PyTorch's. */
  private static final List<String> WEIGHTS = List.of("_data", ".data");

  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final int MOST_REDIRECTS = 5;

  private final DownloadClient web;
  private final String base;

  /**
   * Makes one.
   *
   * @param base the hub's address
   */
  public HuggingFaceHub(DownloadClient web, String base) {
    this.web = web;
    this.base = DownloadUrls.of(base).toString().replaceFirst("/+$", "");
  }

  /** Whether this is how models are called there. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private record Found(RemoteFile file, Optional<String> commit) {}

  /**
   * Asks what there is of a model. All of its files are then of the same commit.
   *
   * @param called what it is to be called in the repository, if not as it is here
   * @throws FetchException if there is no graph, or no {@code config.json}
   */
  public PullRequest order(String name, Optional<String> called) {
    String placed = PullRequest.requireName(called.orElse(name.substring(name.indexOf('/') + 1)));
    try {
      String source = base + "/" + name;
      Found graph = null;
      for (String path : GRAPHS) {
        graph = graph == null ? find(name, "main", path).orElse(null) : graph;
      }
      if (graph == null) {
        throw new FetchException(
            "%s has no model.onnx and no onnx/model.onnx, or there is no such model: optimum-cli exports it."
                .formatted(source));
      }
      RemoteFile found = graph.file();
      String commit = graph.commit().orElse("main");
      List<RemoteFile> files = new ArrayList<>();
      files.add(
          find(name, commit, CONFIG).map(Found::file).orElseThrow(() -> noConfig(source, found)));
      find(name, commit, PREPROCESSOR).map(Found::file).ifPresent(files::add);
      files.add(find(name, commit, found.path()).map(Found::file).orElse(found));
      for (String weights : WEIGHTS) {
        find(name, commit, found.path() + weights).map(Found::file).ifPresent(files::add);
      }
      return new PullRequest(placed, source, files, Map.of());
    } catch (RetryableDownloadException e) {
      throw new FetchException(base + " did not answer: " + e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new FetchException(base + " did not answer.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("It was interrupted.", e);
    }
  }

  private static FetchException noConfig(String source, RemoteFile graph) {
    return new FetchException(
        "%s has no %s, which would name its classes. Its graph comes without by its address: models pull %s"
            .formatted(source, CONFIG, graph.address()));
  }

  private Optional<Found> find(String name, String revision, String path)
      throws IOException, InterruptedException {
    URI asked = URI.create("%s/%s/resolve/%s/%s".formatted(base, name, revision, path));
    URI address = asked;
    for (int i = 0; i < MOST_REDIRECTS; i++) {
      HttpResponse<TimedBodySubscriber> answer = web.head(address);
      answer.body().cancel();
      int status = answer.statusCode();
      Optional<String> commit =
          answer
              .headers()
              .firstValue("X-Repo-Commit")
              .filter(text -> COMMIT.matcher(text).matches());
      if (status == 200 || (DownloadClient.isRedirect(answer) && commit.isPresent())) {
        RemoteFile file =
            new RemoteFile(path, address, size(answer), sha256(answer.headers()), Optional.empty());
        return Optional.of(new Found(file, commit));
      }
      if (!DownloadClient.isRedirect(answer)) {
        if (status == 404) {
          return Optional.empty();
        }
        if (status == 401 || status == 403) { // also where there is no such model
          throw new FetchException(
              "%s/%s answers %d: %s, or there is no such model."
                  .formatted(
                      base,
                      name,
                      status,
                      web.isKnownAt(address)
                          ? "the token in " + TOKEN + " may not read it"
                          : "it wants a login, for which " + TOKEN + " can hold a token"));
        }
        throw new FetchException("%s answers %d.".formatted(address, status));
      }
      URI target = DownloadClient.target(answer); // the model was renamed
      DownloadUrls.require(asked, target);
      address = target;
    }
    throw new FetchException(asked + " redirects more than " + MOST_REDIRECTS + " times.");
  }

  private static OptionalLong size(HttpResponse<?> answer) {
    OptionalLong linked = answer.headers().firstValueAsLong("X-Linked-Size");
    return linked.isPresent() || DownloadClient.isRedirect(answer)
        ? linked
        : answer.headers().firstValueAsLong("Content-Length");
  }

  private static Optional<String> sha256(HttpHeaders headers) {
    return headers
        .firstValue("X-Linked-ETag")
        .or(() -> headers.firstValue("ETag"))
        .map(tag -> tag.replace("W/", "").replace("\"", ""))
        .filter(RemoteFile::isSha256);
  }
}
