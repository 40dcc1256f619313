package dev.glimpse.recipe;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.Filter;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Resize;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.repository.PropertiesFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads DJL's {@code serving.properties} as a recipe, with the meaning that the arguments have for
 * its <a
 * href="https://github.com/deepjavalibrary/djl/blob/master/api/src/main/java/ai/djl/modality/cv/translator/BaseImageTranslator.java">translator
 * of images</a>. The filters are Pillow's; those of DJL's engines do not average when they shrink
 * an image.
 */
final class DjlServingConfig {

  private static final String FACTORY = "translatorFactory";
  private static final Set<String> FACTORIES =
      Set.of(
          "ai.djl.modality.cv.translator.ImageClassificationTranslatorFactory",
          "ai.djl.modality.cv.translator.ImageClassificationTranslator");
  private static final Set<String> ENGINES = Set.of("onnxruntime", "onnx");

  /** DJL accepts both names for image classification. */
  private static final Set<String> APPLICATIONS =
      Set.of("cv/image_classification", "image_classification");

  private static final int SIDE = 224;

  private final PropertiesFile file;
  private final Size size;

  private DjlServingConfig(PropertiesFile file) {
    this.file = file;
    this.size = new Size(file.positiveInt("width", SIDE), file.positiveInt("height", SIDE));
  }

  /**
   * Reads a model's recipe. Unknown keys have no effect, as with DJL.
   *
   * @throws UnservableModelException if it is for another kind of model, or a value is unsupported
   */
  static Recipe read(PropertiesFile file) {
    require(
        file, "engine", engine -> ENGINES.contains(engine.toLowerCase(Locale.ROOT)), "OnnxRuntime");
    require(
        file,
        "application",
        application -> APPLICATIONS.contains(application.toLowerCase(Locale.ROOT)),
        "cv/image_classification");
    require(file, FACTORY, FACTORIES::contains, "DJL's ImageClassificationTranslatorFactory");
    return new DjlServingConfig(file).recipe();
  }

  private static void require(
      PropertiesFile file, String key, Predicate<String> good, String expected) {
    String value = file.find(key);
    if (value != null && !good.test(value)) {
      throw file.wrong(key, expected);
    }
  }

  private Recipe recipe() {
    if (isOn("pad")) {
      throw file.unservable(
          "pad is not supported; send square images, or export the model without it");
    }
    boolean tensor = file.flag("toTensor", true);
    Preprocessing steps =
        ranged(
            new Preprocessing(
                resize(),
                crop(),
                tensor ? 1 / 255.0 : 1,
                normalize(Preprocessing.IMAGENET_MEAN, 0),
                normalize(Preprocessing.IMAGENET_DEVIATION, 3)));
    return new Recipe(
        file.name(),
        steps,
        channels(),
        !tensor,
        () ->
            new Provenance(
                file.origin("width", "height", "resize", "resizeShort"),
                file.origin("resize", "resizeShort"),
                file.origin("width", "height", "centerCrop", "centerFit"),
                file.origin("toTensor", "range"),
                file.origin("normalize", "range"),
                file.origin("normalize", "range"),
                file.origin("flag"),
                file.origin("toTensor")),
        FixHints.DJL);
  }

  private Optional<Resize> resize() {
    boolean exactly = isOn("resize");
    boolean shorter = isOn("resizeShort");
    if (exactly && shorter) {
      throw file.unservable("resize and resizeShort are both set; remove one of them");
    }
    if (exactly) {
      List<String> parts = parts("resize");
      Size to = size;
      if (!parts.isEmpty()) {
        int width = file.positiveInt("resize", parts.get(0));
        to = new Size(width, parts.size() > 1 ? file.positiveInt("resize", parts.get(1)) : width);
      }
      return Optional.of(new Resize(new Exactly(to), filter("resize", parts)));
    }
    if (shorter) {
      List<String> parts = parts("resizeShort");
      if (parts.size() > 1 && file.number("resizeShort", parts.get(1)) > 0) {
        throw file.wrong("resizeShort", "without a limit for the longer side");
      }
      int edge =
          parts.isEmpty()
              ? Math.max(size.width(), size.height())
              : file.positiveInt("resizeShort", parts.get(0));
      return Optional.of(new Resize(new ShortestEdge(edge), filter("resizeShort", parts)));
    }
    return Optional.empty();
  }

  /** Returns the numbers and the filter; none for "true", which uses width and height. */
  private List<String> parts(String key) {
    return "true".equals(file.find(key)) ? List.of() : file.list(key);
  }

  private boolean isOn(String key) {
    String value = file.find(key);
    return value != null && !value.equals("false");
  }

  private Filter filter(String key, List<String> parts) {
    return switch (parts.size() > 2 ? parts.get(2) : "BILINEAR") {
      case "NEAREST" -> Filter.NEAREST;
      case "BILINEAR" -> Filter.BILINEAR;
      case "AREA" -> Filter.BOX;
      case "BICUBIC" -> Filter.BICUBIC;
      default -> throw file.wrong(key, "with NEAREST, BILINEAR, AREA or BICUBIC");
    };
  }

  private Optional<Crop> crop() {
    return file.flag("centerCrop", false) || file.flag("centerFit", false)
        ? Optional.of(new Crop(size, Centre.DJL))
        : Optional.empty();
  }

  private Optional<Channels> channels() {
    return switch (String.valueOf(file.find("flag"))) {
      case "null", "COLOR" -> Optional.empty();
      case "GRAYSCALE" -> Optional.of(Channels.GREY);
      default -> throw file.wrong("flag", "COLOR or GRAYSCALE");
    };
  }

  /** Three of the six numbers of "normalize", from an index on; those of "true" are given. */
  private Rgb normalize(Rgb ofTrue, int from) {
    String value = file.find("normalize");
    if (value == null || value.equals("false")) {
      return from == 0 ? Preprocessing.NO_MEAN : Preprocessing.NO_DEVIATION;
    }
    if (value.equals("true")) {
      return ofTrue;
    }
    List<String> numbers = file.list("normalize");
    if (numbers.size() != 6) {
      throw file.wrong("normalize", "true, or six numbers: three means, three deviations");
    }
    Rgb three =
        new Rgb(
            (float) file.number("normalize", numbers.get(from)),
            (float) file.number("normalize", numbers.get(from + 1)),
            (float) file.number("normalize", numbers.get(from + 2)));
    if (from > 0 && !(three.red() > 0 && three.green() > 0 && three.blue() > 0)) {
      throw file.wrong("normalize", "with deviations above 0");
    }
    return three;
  }

  /** Applies "range" after toTensor and normalize, to the numbers that they produce. */
  private Preprocessing ranged(Preprocessing steps) {
    @Nullable String range = file.find("range");
    if (range == null) {
      return steps;
    }
    return switch (range) {
      case "0,1" -> then(steps, 255, 0);
      case "-1,1" -> then(steps, 128, 1);
      default -> throw file.wrong("range", "\"0,1\" or \"-1,1\"");
    };
  }

  /** Returns the same steps, followed by a division and a subtraction. */
  private static Preprocessing then(Preprocessing steps, float divisor, float less) {
    Rgb mean = steps.mean();
    Rgb deviation = steps.deviation();
    return new Preprocessing(
        steps.resize(),
        steps.crop(),
        steps.factor(),
        new Rgb(
            mean.red() + less * divisor * deviation.red(),
            mean.green() + less * divisor * deviation.green(),
            mean.blue() + less * divisor * deviation.blue()),
        new Rgb(
            deviation.red() * divisor, deviation.green() * divisor, deviation.blue() * divisor));
  }
}
