package dev.glimpse.model;

import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.preprocess.Channels;
import dev.glimpse.preprocess.ElementType;
import dev.glimpse.preprocess.Layout;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.TensorFormat;

/**
 * What a graph takes, as its input's shape and type show and the files beside it say. What does not
 * fit together is refused with a sentence that names the folder and what to mend.
 */
final class InputCheck {

  /** A side for the warm-up of a graph that takes any. */
  private static final int ANY_SIDE = 224;

  private final ModelFolder folder;
  private final TensorSpec input;
  private final Recipe recipe;

  InputCheck(ModelFolder folder, TensorSpec input, Recipe recipe) {
    this.folder = folder;
    this.input = input;
    this.recipe = recipe;
  }

  /** How the pixels lie in the input, if every sample's value can be told there. */
  TensorFormat format() {
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
    boolean first = isChannels(input.dimension(Layout.NCHW.channels()));
    boolean last = isChannels(input.dimension(Layout.NHWC.channels()));
    if (first && !last && recipe.channelsLast()) {
      throw refused(
          recipe.source() + " says \"channels_last\"; mend its \"data_format\", or leave it out");
    }
    return (last && !first) || recipe.channelsLast() ? Layout.NHWC : Layout.NCHW;
  }

  private static boolean isChannels(long dimension) {
    return dimension == 3 || dimension == 1;
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
          "%s asks for %d channels; mend its \"%s\""
              .formatted(
                  recipe.source(),
                  channels.count(),
                  channels == Channels.BGR ? "do_flip_channel_order" : "input_size"));
    }
    return channels;
  }

  private void requireValues(TensorFormat format) {
    Preprocessing steps = recipe.steps();
    if (format.channels() == Channels.GREY && !(steps.mean().same() && steps.deviation().same())) {
      throw refused(
          recipe.source()
              + " has three numbers for its one channel; write one for \"image_mean\" and one for"
              + " \"image_std\" (timm's \"mean\" and \"std\")");
    }
    if (format.type().holds(steps.values(format.channels()))) {
      return;
    }
    throw refused(
        format.type() == ElementType.UINT8
            ? "%s makes other numbers than whole ones from 0 to 255; set \"do_rescale\" and"
                    .formatted(recipe.source())
                + " \"do_normalize\" to false, or export the graph with a float input"
            : "%s makes numbers beyond 65504; mend its \"rescale_factor\", or its deviations"
                .formatted(recipe.source()));
  }

  /** The size of a picture to warm up with, if all pictures that are made fit the graph. */
  Size size(Layout layout) {
    long height = input.dimension(layout.height());
    long width = input.dimension(layout.width());
    if (recipe.steps().outputSize().isEmpty() && (height > 0 || width > 0)) {
      throw refused(
          recipe.source()
              + " leaves the size open; add \"crop_size\", or a \"size\" of height and width");
    }
    Size size = recipe.steps().outputSize().orElse(new Size(ANY_SIDE, ANY_SIDE));
    if (!fits(height, size.height()) || !fits(width, size.width())) {
      throw refused(
          "%s makes pictures %d high and %d wide; mend its sizes"
              .formatted(recipe.source(), size.height(), size.width()));
    }
    return size;
  }

  private static boolean fits(long dimension, long value) {
    return dimension < 0 || dimension == value;
  }

  private UnservableModelException refused(String why) {
    return folder.unservable("the graph's input is " + input + ", and " + why);
  }
}
