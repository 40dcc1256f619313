package dev.glimpse.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.engine.OutputKind;
import dev.glimpse.repository.FileFingerprint;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A graph that was optimised ahead of time lies in a model's folder, in ONNX Runtime's own format,
 * with a file that says what it was made of, and for what. It is used only if all of that still
 * holds, and only if the graph then answers as the exported one did; else that one is.
 *
 * @param file in ONNX Runtime's format
 * @param outputKind what the exported graph says of its output
 * @param metadata what the exported graph's file holds
 * @param answer what the exported graph answered to the first picture of {@link GraphWarmUp}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by agrees
record OptimizedGraph(
    Path file, OutputKind outputKind, Map<String, String> metadata, float[] answer) {

  static final String GRAPH = "model.prepared.ort";
  static final String FACTS = "model.prepared.json";

  private static final String WEIGHTS = "weights";

  /** How far an answer may be from the exported graph's, as a part of its range. */
  private static final double TOLERANCE = 1e-3;

  private static final Logger LOG = Logger.getLogger(OptimizedGraph.class);

  /**
   * Finds a folder's prepared graph.
   *
   * @param platform what this process can use
   * @return empty if there is none, or it is not for this platform, or not of this model; the log
   *     says which
   * @throws dev.glimpse.failure.UnservableModelException if what is said of it makes no sense
   */
  static Optional<OptimizedGraph> find(ModelFolder folder, Supplier<Optional<String>> platform) {
    if (!Files.exists(folder.file(FACTS))) {
      return Optional.empty();
    }
    JsonFile facts = JsonFile.read(folder, FACTS);
    String madeFor = facts.text("platform");
    String here = platform.get().orElse("another processor");
    if (!here.equals(madeFor)) {
      LOG.infof(
          "%s is for %s and this is %s: the exported graph is loaded instead, which takes longer",
          folder.file(GRAPH), madeFor, here);
      return Optional.empty();
    }
    Path exported = folder.graph();
    if (!same(exported, facts.text("exported"))
        || !sameWeights(exported, facts.find(WEIGHTS))
        || !same(folder.file(GRAPH), facts.text("prepared"))) {
      LOG.warnf(
          "%s was not made of %s as it is, which is loaded instead; prepare it again",
          folder.file(GRAPH), exported);
      return Optional.empty();
    }
    return Optional.of(
        new OptimizedGraph(
            folder.file(GRAPH),
            outputKind(facts),
            metadata(facts.require("metadata")),
            numbers(facts.require("answer"))));
  }

  /** Weights may lie beside a graph, which is then the same after a training as it was before. */
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
   * What its second file holds.
   *
   * @param weights the exported graph's other files
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
    facts.put("output", outputKind.name());
    ObjectNode written = facts.putObject("metadata");
    metadata.forEach(written::put);
    ArrayNode scores = facts.putArray("answer");
    for (float score : answer) {
      scores.add(score);
    }
    return facts;
  }

  private static OutputKind outputKind(JsonFile facts) {
    try {
      return OutputKind.valueOf(facts.require("output").asText());
    } catch (IllegalArgumentException e) {
      throw facts.wrong("output", "one of " + List.of(OutputKind.values()));
    }
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

  /** Whether this is the exported graph's answer, nearly. */
  boolean agrees(float[] other) {
    return other.length == answer.length && ScoreComparison.of(answer, other, 0, TOLERANCE);
  }
}
