package dev.glimpse.repository;

import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.ExternalWeights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds what is wrong with the files of a graph that cannot be loaded: whether it is a graph at
 * all, and whether the files that hold its weights are there.
 */
public final class GraphFileFault {

  /** The largest size of a protobuf message. */
  private static final long LARGEST = Integer.MAX_VALUE;

  /** The names that exporters give to files of weights. */
  private static final Pattern WEIGHTS = Pattern.compile(".*(\\.data|_data|\\.weights|\\.bin)");

  private static final int BEGINNING = 16;

  /** What files of other kinds begin with. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "PK", "an archive, such as PyTorch's or Keras's own",
          "<", "a page of HTML or XML, perhaps the answer of a server",
          "{", "a JSON file",
          "\u0089HDF", "an HDF5 file, such as Keras's own");

  private GraphFileFault() {}

  /**
   * Returns what is wrong and what to do, as part of a sentence about the graph.
   *
   * @return empty if the files seem to be complete
   */
  public static Optional<String> of(Path graph) {
    try {
      if (GraphFiles.isPointer(graph)) {
        return Optional.of(
            "it is a Git LFS pointer, not the graph itself; run git lfs pull to fetch it");
      }
      long bytes = Files.size(graph);
      if (bytes == 0) {
        return Optional.of("the file is empty; copy or download it again");
      }
      if (bytes > LARGEST) {
        return Optional.of(
            "the file is larger than 2 GB, which no ONNX file can be; save it with its weights in a"
                + " second file (onnx.save_model with save_as_external_data=True)");
      }
      Optional<String> other = other(graph);
      return other.isPresent() ? other : weights(graph);
    } catch (IOException | EngineException e) {
      return Optional.empty(); // ONNX Runtime's message says more
    }
  }

  private static Optional<String> other(Path graph) throws IOException {
    byte[] head;
    try (InputStream bytes = Files.newInputStream(graph)) {
      head = bytes.readNBytes(BEGINNING);
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("TFL3", Integer.BYTES)) {
      return Optional.of(
          "it is a TFLite file, not an ONNX graph; convert it, for instance with tf2onnx");
    }
    return OTHERS.entrySet().stream()
        .filter(entry -> text.startsWith(entry.getKey()))
        .findFirst()
        .map(entry ->
            "it is %s, not an ONNX graph; export or download the model as ONNX"
                .formatted(entry.getValue()));
  }

  private static Optional<String> weights(Path graph) throws IOException {
    Set<String> locations = ExternalWeights.of(graph);
    for (String location : locations) {
      Path file;
      try {
        file = graph.resolveSibling(location).normalize();
      } catch (InvalidPathException e) {
        return Optional.of("it names a file of weights that cannot exist; export it again");
      }
      Path folder = graph.toAbsolutePath().normalize().getParent();
      if (!file.toAbsolutePath().normalize().startsWith(folder)) {
        return Optional.of(
            "its weights are in %s, outside of its own folder; put them beside it and export it again"
                .formatted(location));
      }
      if (!Files.exists(file)) {
        return Optional.of(missing(file, location, locations));
      }
      if (GraphFiles.isPointer(file)) {
        return Optional.of(
            "%s, which holds its weights, is a Git LFS pointer; run git lfs pull to fetch it"
                .formatted(location));
      }
    }
    return Optional.empty();
  }

  private static String missing(Path file, String location, Set<String> locations) {
    List<String> likely = candidates(file, locations);
    return likely.size() == 1
        ? "its weights are in a second file, %s, which is missing; if %s is that file, rename it to %s"
            .formatted(location, likely.get(0), location)
        : "its weights are in a second file, %s, which is missing; put it beside the graph under this name"
            .formatted(location);
  }

  /** Lists files that may be the missing one under another name, as after a renaming. */
  private static List<String> candidates(Path file, Set<String> locations) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(file.getParent())) {
      for (Path other : files) {
        String name = other.getFileName().toString();
        if (WEIGHTS.matcher(name).matches()
            && !locations.contains(name)
            && !name.startsWith(GraphFiles.PREPARED)) {
          names.add(name);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    return names;
  }
}
