package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.repository.JsonFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Describes one of Hugging Face's image processors for classifiers: which keys of a {@code
 * preprocessor_config.json} it reads, and what it does where the file leaves one out. The facts are
 * in {@code image-processors.json}: the defaults of the constructors in <a
 * href="https://github.com/huggingface/transformers/tree/v4.57.0/src/transformers/models">transformers
 * 4</a> and, for names that end in {@code Pil}, of the classes of transformers 5.
 */
final class ImageProcessor {

  private static final String FACTS = "/image-processors.json";

  /** What a class's name ends in, and the key of the facts that differ from its defaults. */
  private static final Map<String, String> VARIANTS =
      Map.of(
          "ImageProcessor", "",
          "FeatureExtractor", "",
          "ImageProcessorFast", "fast",
          "ImageProcessorPil", "pil");

  /** The steps that each processor has, and performs unless the file says otherwise. */
  private static final Set<String> STEPS = Set.of("do_resize", "do_rescale", "do_normalize");

  private static final Set<String> READ_BY_ALL = Set.of("rescale_factor");

  private final String stem;
  private final String title;
  private final JsonNode facts;
  private final ObjectNode defaults;
  private final boolean slow;
  private final boolean fast;

  private ImageProcessor(String stem, String title, String variant, JsonNode facts) {
    this.stem = stem;
    this.title = title;
    this.facts = facts;
    this.slow = variant.isEmpty();
    this.fast = variant.equals("fast");
    this.defaults = facts.withObject("/defaults").deepCopy();
    STEPS.stream().filter(step -> !defaults.has(step)).forEach(step -> defaults.put(step, true));
    facts.path(variant).properties().forEach(e -> defaults.set(e.getKey(), e.getValue()));
  }

  /**
   * Returns the processor that a file names: {@code ViTImageProcessor}, {@code
   * ViTImageProcessorFast}, {@code ViTFeatureExtractor}.
   *
   * @throws dev.glimpse.failure.UnservableModelException if it is not known, or known to prepare
   *     images for something else than a classifier
   */
  static ImageProcessor named(String name, JsonFile file) {
    for (Map.Entry<String, String> variant : VARIANTS.entrySet()) {
      if (name.endsWith(variant.getKey())) {
        String stem = name.substring(0, name.length() - variant.getKey().length());
        JsonNode facts = Facts.ALL.path("read").path(stem);
        if (facts.isObject()) {
          return new ImageProcessor(stem, name, variant.getValue(), facts);
        }
        refuseKnown(name, stem, file);
      }
    }
    throw file.unservable(
        ("the image processor %s is not known here, and other steps than its own would give wrong"
                + " scores; to say what it does, remove its name and write every step out:"
                + " \"do_resize\", \"do_center_crop\", \"do_rescale\", \"do_normalize\" and their"
                + " values")
            .formatted(name));
  }

  /**
   * Returns the processor of an architecture as {@code config.json} names it: {@code vit}. This is
   * what transformers' AutoImageProcessor chooses for a file that names none.
   */
  static Optional<ImageProcessor> ofModelType(String modelType, JsonFile file) {
    for (Map.Entry<String, JsonNode> entry : Facts.ALL.path("read").properties()) {
      for (JsonNode type : entry.getValue().path("model_types")) {
        if (type.textValue().equals(modelType)) {
          String stem = entry.getKey();
          return Optional.of(
              new ImageProcessor(stem, stem + "ImageProcessor", "", entry.getValue()));
        }
      }
    }
    refuseKnown(modelType, Facts.ALL.path("refused_model_types").path(modelType).asText(), file);
    return Optional.empty();
  }

  private static void refuseKnown(String name, String stem, JsonFile file) {
    JsonNode reason = Facts.ALL.path("refused").path(stem);
    if (reason.isTextual()) {
      throw file.unservable(
          "the image processor of %s is not supported, because %s"
              .formatted(name, reason.textValue()));
    }
  }

  /** Returns the class's name as it stands in the file: {@code ViTImageProcessor}. */
  String title() {
    return title;
  }

  /** Returns whether this is one of a family: {@code Levit}, in whatever variant. */
  boolean is(String family) {
    return stem.equals(family);
  }

  /**
   * Returns where the centre of an image is for a processor: fast ones crop as torchvision does,
   * but for PoolFormer's, which rounds down.
   */
  static Centre centre(Optional<ImageProcessor> processor) {
    if (!processor.map(p -> p.fast).orElse(false)) {
      return Centre.TRANSFORMERS;
    }
    return processor.get().is("PoolFormer") ? Centre.DJL : Centre.TORCHVISION;
  }

  /** Returns whether {@code "size": 224} is a square; it is the shorter edge otherwise. */
  boolean squareFromNumber() {
    return facts.path("number").asText().equals("square");
  }

  /** Returns whether a {@code longest_edge} beside {@code shortest_edge} has no effect. */
  boolean ignoresLongestEdge() {
    return slow && !squareFromNumber();
  }

  /**
   * Returns whether this class reads a key. Constructors take any key and use those that they know.
   */
  boolean reads(String key) {
    if (names("ignored", key) || (fast && names("ignored_by_fast", key))) {
      return false;
    }
    return defaults.has(key)
        || READ_BY_ALL.contains(key)
        || PreprocessorKeys.OWN.contains(key)
        || (key.equals("default_to_square") && !slow);
  }

  /** Returns whether one of the facts is a list that names a key. */
  private boolean names(String fact, String key) {
    for (JsonNode name : facts.path(fact)) {
      if (name.textValue().equals(key)) {
        return true;
      }
    }
    return false;
  }

  /** Returns a new object with every key that this processor has a default for. */
  ObjectNode defaults() {
    return defaults.deepCopy();
  }

  /** Reads the facts when they are first needed. */
  private static final class Facts {

    static final JsonNode ALL = read();

    private Facts() {}

    private static JsonNode read() {
      try (InputStream in = ImageProcessor.class.getResourceAsStream(FACTS)) {
        return new ObjectMapper().readTree(Objects.requireNonNull(in, FACTS));
      } catch (IOException e) {
        throw new IllegalStateException(FACTS + " cannot be read", e);
      }
    }
  }
}
