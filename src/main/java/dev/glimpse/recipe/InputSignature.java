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
 * Determines what input a graph takes, from the input's shape and type and the recipe.
 * Contradictions are errors that name the folder and the value to change.
 */
public final class InputSignature {

  /** The side of the warm-up image of a graph that takes any size, in pixels. */
  private static final int ANY_SIDE = 224;

  private final ModelFolder folder;
  private final TensorSpec input;
  private final Recipe recipe;

  public InputSignature(ModelFolder folder, TensorSpec input, Recipe recipe) {
    this.folder = folder;
    this.input = input;
    this.recipe = recipe;
  }

  /** Returns the layout, channels and type of the input tensor, which can hold every value. */
  public TensorFormat format() {
    if (input.rank() != 4) {
      throw refused(
          "images need [batch,3,height,width] or [batch,height,width,3]; export it with such an input");
    }
    if (!fits(input.dimension(0), 1)) {
      throw refused("its batch size is fixed; export it with a dynamic batch size, or with 1");
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
      default ->
          throw refused("images need float, float16 or uint8; export it with one of these types");
    };
  }

  /**
   * The channels are the dimension of size 3 or 1. If neither or both have such a size, the recipe
   * decides, and without it PyTorch's convention of channels first.
   */
  private Layout layout() {
    boolean first = has(input, Layout.NCHW);
    boolean last = has(input, Layout.NHWC);
    if (first && !last && recipe.channelsLast()) {
      throw refused(recipe.source() + " " + recipe.hints().layout());
    }
    return (last && !first) || recipe.channelsLast() ? Layout.NHWC : Layout.NCHW;
  }

  /** Returns whether the dimension at this layout's channels has a size that channels can have. */
  private static boolean has(TensorSpec input, Layout layout) {
    long channels = input.dimension(layout.channels());
    return channels == 3 || channels == 1;
  }

  /** Returns the layout that the shape shows, or channels first if it shows none. */
  static Layout shown(TensorSpec input) {
    return has(input, Layout.NHWC) && !has(input, Layout.NCHW) ? Layout.NHWC : Layout.NCHW;
  }

  private Channels channels(Layout layout) {
    long count = input.dimension(layout.channels());
    if (!fits(count, 3) && count != 1) {
      throw refused(
          "images need 3 channels or 1, in the second dimension or the last; export it with such"
              + " an input");
    }
    Channels channels = recipe.channels().orElse(count == 1 ? Channels.GREY : Channels.RGB);
    if (!fits(count, channels.count())) {
      throw refused(
          "%s makes %d channels; %s"
              .formatted(recipe.source(), channels.count(), recipe.hints().channels()));
    }
    return channels;
  }

  private void requireValues(TensorFormat format) {
    Preprocessing steps = recipe.steps();
    if (format.channels() == Channels.GREY && !(steps.mean().same() && steps.deviation().same())) {
      throw refused(
          recipe.source()
              + " gives three numbers for the one channel; "
              + recipe.hints().oneNumber());
    }
    if (format.type().holds(steps.values(format.channels()))) {
      return;
    }
    throw refused(
        format.type() == ElementType.UINT8
            ? "%s makes values other than integers from 0 to 255; %s"
                .formatted(recipe.source(), recipe.hints().wholeNumbers())
            : "%s makes values above 65504, the maximum of float16; %s"
                .formatted(recipe.source(), recipe.hints().smallerNumbers()));
  }

  /**
   * Returns the size of the warm-up image, and checks that all preprocessed images fit the graph.
   */
  public Size size(Layout layout) {
    long height = input.dimension(layout.height());
    long width = input.dimension(layout.width());
    if (recipe.steps().outputSize().isEmpty() && (height > 0 || width > 0)) {
      throw refused(recipe.source() + " does not fix the image size; " + recipe.hints().size());
    }
    Size size = recipe.steps().outputSize().orElse(new Size(ANY_SIDE, ANY_SIDE));
    if (!fits(height, size.height()) || !fits(width, size.width())) {
      throw refused(
          "%s makes images %d high and %d wide; correct its sizes"
              .formatted(recipe.source(), size.height(), size.width()));
    }
    return size;
  }

  /** Describes the input and the source of each value, for people. */
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
