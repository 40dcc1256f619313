package dev.glimpse.recipe;

import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.ElementType;
import dev.glimpse.preprocess.Layout;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.repository.ModelFolder;
import java.util.List;
import java.util.Locale;

/**
 * What a graph takes, as its input's shape and type show and the files beside it say. What does not
 * fit together is refused with a sentence that names the folder and what to mend.
 */
public final class InputSignature {

  /** A side for the warm-up of a graph that takes any. */
  private static final int ANY_SIDE = 224;

  private final ModelFolder folder;
  private final TensorSpec input;
  private final Recipe recipe;

  public InputSignature(ModelFolder folder, TensorSpec input, Recipe recipe) {
    this.folder = folder;
    this.input = input;
    this.recipe = recipe;
  }

  /** How the pixels lie in the input, if every sample's value can be told there. */
  public TensorFormat format() {
    if (input.rank() != 4) {
      throw refused(
          "pictures are fed as [batch,3,height,width] or [batch,height,width,3]; export it so");
    }
    if (!fits(input.dimension(0), 1)) {
      throw refused("its batch is fixed; export it with an open one, or with 1");
    }
    ElementType type = type();
    Layout layout = layout();
    TensorFormat format = new TensorFormat(channels(layout), layout, type);
    requireValues(format);
    return format;
  }

  private ElementType type() {
    return switch (input.type()) {
      case "float" -> ElementType.FLOAT32;
      case "float16" -> ElementType.FLOAT16;
      case "uint8" -> ElementType.UINT8;
      default -> throw refused("pictures are fed as float, float16 or uint8; export it so");
    };
  }

  /**
   * The dimension of 3, or of 1, is the channels; where none is, or both are, the files have the
   * word, and then PyTorch's custom.
   */
  private Layout layout() {
    boolean first = has(input, Layout.NCHW);
    boolean last = has(input, Layout.NHWC);
    if (first && !last && recipe.channelsLast()) {
      throw refused(recipe.source() + " " + recipe.words().layout());
    }
    return (last && !first) || recipe.channelsLast() ? Layout.NHWC : Layout.NCHW;
  }

  /** Whether the dimension that would be the channels can be them. */
  private static boolean has(TensorSpec input, Layout layout) {
    long channels = input.dimension(layout.channels());
    return channels == 3 || channels == 1;
  }

  /** How the graph's input lies, as far as its shape shows. */
  static Layout shown(TensorSpec input) {
    return has(input, Layout.NHWC) && !has(input, Layout.NCHW) ? Layout.NHWC : Layout.NCHW;
  }

  private Channels channels(Layout layout) {
    long count = input.dimension(layout.channels());
    if (!fits(count, 3) && count != 1) {
      throw refused(
          "pictures are fed with 3 channels or with 1, in the second dimension or the last; export"
              + " it so");
    }
    Channels channels = recipe.channels().orElse(count == 1 ? Channels.GREY : Channels.RGB);
    if (!fits(count, channels.count())) {
      throw refused(
          "%s asks for %d channels; %s"
              .formatted(recipe.source(), channels.count(), recipe.words().channels()));
    }
    return channels;
  }

  private void requireValues(TensorFormat format) {
    Preprocessing steps = recipe.steps();
    if (format.channels() == Channels.GREY && !(steps.mean().same() && steps.deviation().same())) {
      throw refused(
          recipe.source()
              + " has three numbers for its one channel; "
              + recipe.words().oneNumber());
    }
    if (format.type().holds(steps.values(format.channels()))) {
      return;
    }
    throw refused(
        format.type() == ElementType.UINT8
            ? "%s makes other numbers than whole ones from 0 to 255; %s"
                .formatted(recipe.source(), recipe.words().wholeNumbers())
            : "%s makes numbers beyond 65504; %s"
                .formatted(recipe.source(), recipe.words().smallerNumbers()));
  }

  /** The size of a picture to warm up with, if all pictures that are made fit the graph. */
  public Size size(Layout layout) {
    long height = input.dimension(layout.height());
    long width = input.dimension(layout.width());
    if (recipe.steps().outputSize().isEmpty() && (height > 0 || width > 0)) {
      throw refused(recipe.source() + " leaves the size open; " + recipe.words().size());
    }
    Size size = recipe.steps().outputSize().orElse(new Size(ANY_SIDE, ANY_SIDE));
    if (!fits(height, size.height()) || !fits(width, size.width())) {
      throw refused(
          "%s makes pictures %d high and %d wide; mend its sizes"
              .formatted(recipe.source(), size.height(), size.width()));
    }
    return size;
  }

  /** What was understood of the input, for people. */
  List<Fact> facts(TensorFormat format) {
    boolean shown = has(input, Layout.NCHW) != has(input, Layout.NHWC);
    boolean counted = input.dimension(format.layout().channels()) > 0;
    return List.of(
        new Fact("input", input.toString(), Provenance.INPUT),
        new Fact("type", format.type().name().toLowerCase(Locale.ROOT), Provenance.INPUT),
        new Fact(
            "layout",
            format.layout().name(),
            shown ? Provenance.INPUT : recipe.origins().get().layout()),
        new Fact(
            "channels",
            format.channels().words(),
            recipe.channels().isEmpty() && counted && format.channels() == Channels.GREY
                ? Provenance.INPUT
                : recipe.origins().get().channels()));
  }

  private static boolean fits(long dimension, long value) {
    return dimension < 0 || dimension == value;
  }

  private UnservableModelException refused(String why) {
    return folder.unservable("the graph's input is " + input + ", and " + why);
  }
}
