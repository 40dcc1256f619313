package dev.glimpse.recipe;

import dev.glimpse.engine.EightBitWeights;
import dev.glimpse.engine.Session;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Describes what was read of a model, for people, in the order in which an image is processed. */
public final class ModelReport {

  private static final String NONE = "none";

  private final List<Fact> facts = new ArrayList<>();

  /** Begins with the graph and its input. */
  public ModelReport(ModelFolder folder, Path graph, InputSignature input, TensorFormat format) {
    facts.add(graph(folder, graph));
    facts.addAll(input.facts(format));
  }

  /** Returns which graph a model has, as a path in its folder. */
  public static Fact graph(ModelFolder folder, Path graph) {
    return new Fact("graph", folder.path().relativize(graph).toString(), "model folder");
  }

  /** Adds the graph that is loaded in place of the exported one. */
  public ModelReport prepared(Optional<Fact> prepared) {
    prepared.ifPresent(fact -> facts.add(1, fact));
    return this;
  }

  /** Adds the preprocessing. */
  public ModelReport steps(Recipe recipe) {
    Preprocessing steps = recipe.steps();
    Provenance origins = recipe.origins().get();
    add("resize", steps.resize().map(r -> r.target().words()).orElse(NONE), origins.resize());
    add(
        "filter",
        steps.resize().map(r -> r.filter().name().toLowerCase(Locale.ROOT)).orElse(NONE),
        origins.filter());
    add("crop", steps.crop().map(Preprocessing.Crop::words).orElse(NONE), origins.crop());
    add("rescale", factor(steps.factor()), origins.rescale());
    add("mean", words(steps.mean()), origins.mean());
    add("deviation", words(steps.deviation()), origins.deviation());
    return this;
  }

  /** Adds the output, the activation and the labels. */
  public ModelReport answers(
      Session session, OutputActivation output, ClassNames names, Labels labels) {
    weights(session).ifPresent(facts::add);
    add("output", session.output().toString(), "graph: its output");
    session
        .dequantization()
        .ifPresent(meaning ->
            add(
                "dequantized",
                "(output - %d) × %s".formatted(meaning.zeroPoint(), meaning.scale()),
                "graph: the node that makes its output"));
    add("activation", output.activation().name().toLowerCase(Locale.ROOT), output.origin());
    add("labels", summary(names.labels()), names.origin());
    add(
        "languages",
        String.join(", ", labels.languages()),
        labels.languages().size() == 1 ? names.file() : names.file() + ", labels.<language>.txt");
    return this;
  }

  /** Adds when a prediction is uncertain, if the files say it. */
  public ModelReport uncertain(ModelConfig config, Optional<ScoreCalibration> calibration) {
    if (calibration.isPresent()) {
      add("calibrated", words(calibration.get()), CalibrationFile.NAME);
      return this;
    }
    config
        .uncertainBelow()
        .ifPresent(score ->
            add(
                "uncertain",
                "below " + score,
                ModelFolder.CONFIG + ": " + ModelConfig.UNCERTAIN_BELOW));
    return this;
  }

  /** Adds the test for images that are unlike those of the classes. */
  public ModelReport unlike(Optional<DistanceTest> distance) {
    distance.ifPresent(test ->
        add(
            "unlike",
            "%d numbers at a distance above %s".formatted(test.dimensions(), test.threshold()),
            CalibrationFile.NAME + ": " + DistanceTestConfig.DISTANCE));
    return this;
  }

  /** Adds which method explains its scores. */
  public ModelReport explained(Fact method) {
    facts.add(method);
    return this;
  }

  /** Describes how weights of 8 bits are used; empty if the graph has none. */
  public static Optional<Fact> weights(Session session) {
    EightBitWeights weights = session.eightBitWeights();
    return weights == EightBitWeights.NONE
        ? Optional.empty()
        : Optional.of(new Fact("8-bit", "weights " + weights.words(), weights.reason()));
  }

  /** Returns what has been added, in that order. */
  public List<Fact> list() {
    return List.copyOf(facts);
  }

  private void add(String name, String value, String source) {
    facts.add(new Fact(name, value, source));
  }

  private static String factor(double factor) {
    long whole = Math.round(1 / factor);
    return factor == 1
        ? NONE
        : Math.abs(1 / factor - whole) < 1e-6 ? "1/" + whole : Double.toString(factor);
  }

  private static String words(Rgb rgb) {
    return rgb.same()
        ? Float.toString(rgb.red())
        : rgb.red() + ", " + rgb.green() + ", " + rgb.blue();
  }

  private static String words(ScoreCalibration calibration) {
    String below =
        calibration.threshold().isPresent()
            ? calibration.threshold().getAsDouble() == ScoreCalibration.ALWAYS_UNCERTAIN
                ? ", always uncertain"
                : ", uncertain below " + calibration.threshold().getAsDouble()
            : "";
    int own = calibration.classThresholds().size();
    return "temperature %s%s%s%s"
        .formatted(
            calibration.temperature(),
            below,
            calibration.margin().isPresent()
                ? ", uncertain with a margin below " + calibration.margin().getAsDouble()
                : "",
            own == 0 ? "" : ", %d classes by thresholds of their own".formatted(own));
  }

  private static String summary(List<String> labels) {
    return labels.size() <= 3
        ? String.join(", ", labels)
        : "%d: %s, %s … %s"
            .formatted(labels.size(), labels.get(0), labels.get(1), labels.get(labels.size() - 1));
  }
}
