package dev.glimpse.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.engine.Dequantization;
import dev.glimpse.engine.EightBitWeights;
import dev.glimpse.engine.GraphFacts;
import dev.glimpse.engine.OutputKind;
import dev.glimpse.repository.FileFingerprint;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the file beside an {@link OptimizedGraph} that records the files and the
 * platform that the graph was made from and for, and the exported graph's scores.
 */
final class PreparationRecord {

  static final String FILE = "model.prepared.json";

  private static final String PREPARED_WEIGHTS = "prepared_weights";
  private static final String WEIGHTS = "weights";
  private static final String OUTPUT = "output";
  private static final String SCALE = "scale";
  private static final String ZERO_POINT = "zero_point";
  private static final String EIGHT_BIT = "eight_bit_weights";
  private static final String SCORES = "answer";

  private PreparationRecord() {}

  /**
   * Finds a folder's optimized graph.
   *
   * @param platform returns the platform of this process; empty if it is not known
   * @param log receives why it is not used
   * @return empty if the folder has no optimized graph, or one for another platform or graph
   * @throws dev.glimpse.failure.UnservableModelException if the record is invalid
   */
  static Optional<OptimizedGraph> find(
      ModelFolder folder, Supplier<Optional<String>> platform, LoadLog log) {
    if (!Files.exists(folder.file(FILE))) {
      return Optional.empty();
    }
    JsonFile facts = JsonFile.read(folder, FILE);
    String madeFor = facts.text("platform");
    String here = platform.get().orElse("another processor");
    if (!here.equals(madeFor)) {
      log.info(
          ("The graph of %s was optimized for %s, but this machine is %s; the exported graph is"
                  + " loaded instead, which takes longer")
              .formatted(folder.shownAs(folder.file(FILE)), madeFor, here));
      return Optional.empty();
    }
    Path exported = folder.graph();
    JsonNode data = facts.find(PREPARED_WEIGHTS);
    Path file = folder.file(data == null ? OptimizedGraph.GRAPH : OptimizedGraph.LARGE_GRAPH);
    if (!same(exported, facts.text("exported"))
        || !sameWeights(exported, facts.find(WEIGHTS))
        || !same(file, facts.text("prepared"))
        || !(data == null || same(folder.file(OptimizedGraph.DATA), data.asText()))) {
      log.warn(
          ("%s was not made from the current %s, which is loaded instead; run `models prepare`"
                  + " again")
              .formatted(folder.shownAs(file), folder.shownAs(exported)));
      return Optional.empty();
    }
    return Optional.of(
        new OptimizedGraph(
            file,
            new GraphFacts(
                choice(facts, OUTPUT, OutputKind.values()),
                dequantization(facts),
                metadata(facts.require("metadata")),
                choice(facts, EIGHT_BIT, EightBitWeights.values())),
            numbers(facts.require(SCORES))));
  }

  /**
   * Compares weight files too: with external weights, retraining leaves the graph file as it is.
   */
  private static boolean sameWeights(Path exported, @Nullable JsonNode files) {
    return files != null
        && files.properties().stream()
            .allMatch(
                file -> same(exported.resolveSibling(file.getKey()), file.getValue().asText()));
  }

  private static boolean same(Path file, @Nullable String written) {
    try {
      Optional<FileFingerprint> identity =
          Optional.ofNullable(written).flatMap(FileFingerprint::parse);
      return identity.isPresent() && identity.get().isOf(file);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Holds the fingerprints of an exported graph and its external weight files. They are taken
   * before the graph is optimized, so that a later change of these files shows.
   */
  record Sources(String graph, Map<String, String> weights) {

    static Sources of(Path graph, Set<String> weights) throws IOException {
      Map<String, String> files = new TreeMap<>();
      for (String name : weights) {
        files.put(name, FileFingerprint.of(graph.resolveSibling(name)).toString());
      }
      return new Sources(FileFingerprint.of(graph).toString(), files);
    }
  }

  /**
   * Returns the record of a graph.
   *
   * @param sources what it was made from
   * @param platform that it was optimized for
   */
  static ObjectNode of(OptimizedGraph graph, Sources sources, String platform) throws IOException {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    facts.put("platform", platform);
    facts.put("exported", sources.graph());
    ObjectNode files = facts.putObject(WEIGHTS);
    sources.weights().forEach(files::put);
    facts.put("prepared", FileFingerprint.ofOwnFile(graph.file()).toString());
    if (graph.twoFiles()) {
      Path data = graph.file().resolveSibling(OptimizedGraph.DATA);
      facts.put(PREPARED_WEIGHTS, FileFingerprint.ofOwnFile(data).toString());
    }
    facts.put(OUTPUT, graph.exported().outputKind().name());
    graph
        .exported()
        .dequantization()
        .ifPresent(
            meaning -> facts.put(SCALE, meaning.scale()).put(ZERO_POINT, meaning.zeroPoint()));
    facts.put(EIGHT_BIT, graph.exported().eightBitWeights().name());
    ObjectNode written = facts.putObject("metadata");
    graph.exported().metadata().forEach(written::put);
    ArrayNode scores = facts.putArray(SCORES);
    for (float score : graph.scores()) {
      scores.add(score);
    }
    return facts;
  }

  private static <E extends Enum<E>> E choice(JsonFile facts, String key, E[] values) {
    String written = facts.require(key).asText();
    return Arrays.stream(values)
        .filter(value -> value.name().equals(written))
        .findFirst()
        .orElseThrow(() -> facts.wrong(key, "one of " + List.of(values)));
  }

  private static Optional<Dequantization> dequantization(JsonFile facts) {
    return facts.find(SCALE) == null
        ? Optional.empty()
        : Optional.of(
            new Dequantization((float) facts.number(SCALE, 1), (int) facts.number(ZERO_POINT, 0)));
  }

  private static Map<String, String> metadata(JsonNode written) {
    return written.properties().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
  }

  private static float[] numbers(JsonNode list) {
    float[] numbers = new float[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i).floatValue();
    }
    return numbers;
  }
}
