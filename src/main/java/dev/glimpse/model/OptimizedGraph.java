package dev.glimpse.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.engine.Dequantization;
import dev.glimpse.engine.EightBitWeights;
import dev.glimpse.engine.GraphFacts;
import dev.glimpse.engine.OutputKind;
import dev.glimpse.recipe.Fact;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a graph that was optimized ahead of time. It lies in the model's folder, with a file that
 * records its sources and its platform. It is used only if these still match and it gives the
 * scores of the exported graph; otherwise the exported graph is loaded.
 *
 * @param file {@link #GRAPH} or {@link #LARGE_GRAPH}
 * @param exported what the exported graph's file says
 * @param answer the exported graph's scores for the first image of {@link GraphWarmUp}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by agrees
record OptimizedGraph(Path file, GraphFacts exported, float[] answer) {

  /** In ONNX Runtime's own format, with its weights. */
  static final String GRAPH = "model.prepared.ort";

  /** An ONNX file whose weights are in {@link #DATA}, for graphs that may be too large for one. */
  static final String LARGE_GRAPH = "model.prepared.onnx";

  static final String DATA = "model.prepared.data";
  static final String FACTS = "model.prepared.json";

  private static final String PREPARED_WEIGHTS = "prepared_weights";

  private static final String WEIGHTS = "weights";
  private static final String OUTPUT = "output";
  private static final String SCALE = "scale";
  private static final String ZERO_POINT = "zero_point";
  private static final String EIGHT_BIT = "eight_bit_weights";

  /** How far a score may deviate from the exported graph's, as a fraction of their range. */
  private static final double TOLERANCE = 1e-3;

  /**
   * Finds a folder's optimized graph.
   *
   * @param platform the platform of this process
   * @param log is told why it is not used
   * @return empty if there is none, or it is for another platform or another graph
   * @throws dev.glimpse.failure.UnservableModelException if the recorded facts are invalid
   */
  static Optional<OptimizedGraph> find(
      ModelFolder folder, Supplier<Optional<String>> platform, LoadLog log) {
    if (!Files.exists(folder.file(FACTS))) {
      return Optional.empty();
    }
    JsonFile facts = JsonFile.read(folder, FACTS);
    String madeFor = facts.text("platform");
    String here = platform.get().orElse("another processor");
    if (!here.equals(madeFor)) {
      log.info(
          ("The graph of %s was optimized for %s, but this machine is %s; the exported graph is"
                  + " loaded instead, which takes longer")
              .formatted(folder.shownAs(folder.file(FACTS)), madeFor, here));
      return Optional.empty();
    }
    Path exported = folder.graph();
    JsonNode data = facts.find(PREPARED_WEIGHTS);
    Path file = folder.file(data == null ? GRAPH : LARGE_GRAPH);
    if (!same(exported, facts.text("exported"))
        || !sameWeights(exported, facts.find(WEIGHTS))
        || !same(file, facts.text("prepared"))
        || !(data == null || same(folder.file(DATA), data.asText()))) {
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
            numbers(facts.require("answer"))));
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
   * Returns the content of the second file.
   *
   * @param weights the exported graph's external weight files
   */
  ObjectNode facts(ModelFolder folder, String platform, Set<String> weights) throws IOException {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    facts.put("platform", platform);
    Path exported = folder.graph();
    facts.put("exported", FileFingerprint.of(exported).toString());
    ObjectNode files = facts.putObject(WEIGHTS);
    for (String name : weights) {
      files.put(name, FileFingerprint.of(exported.resolveSibling(name)).toString());
    }
    facts.put("prepared", FileFingerprint.ofOurs(file).toString());
    if (twoFiles()) {
      facts.put(PREPARED_WEIGHTS, FileFingerprint.ofOurs(file.resolveSibling(DATA)).toString());
    }
    facts.put(OUTPUT, this.exported.outputKind().name());
    this.exported
        .dequantization()
        .ifPresent(
            meaning -> facts.put(SCALE, meaning.scale()).put(ZERO_POINT, meaning.zeroPoint()));
    facts.put(EIGHT_BIT, this.exported.eightBitWeights().name());
    ObjectNode written = facts.putObject("metadata");
    this.exported.metadata().forEach(written::put);
    ArrayNode scores = facts.putArray("answer");
    for (float score : answer) {
      scores.add(score);
    }
    return facts;
  }

  /** Returns the file's name. */
  String name() {
    return file.getFileName().toString();
  }

  /** Returns whether the weights are in {@link #DATA}. */
  boolean twoFiles() {
    return name().equals(LARGE_GRAPH);
  }

  /** Describes the file, for people. */
  Fact fact() {
    return new Fact("prepared", twoFiles() ? name() + ", " + DATA : name(), FACTS);
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

  /** Returns whether these scores match the exported graph's within the tolerance. */
  boolean agrees(float[] other) {
    return other.length == answer.length && ScoreComparison.of(answer, other, 0, TOLERANCE);
  }
}
