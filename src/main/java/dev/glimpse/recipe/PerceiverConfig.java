package dev.glimpse.recipe;

import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Part;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessing.Target;
import dev.glimpse.repository.JsonFile;
import java.util.Optional;

/**
 * Interprets {@code size} and {@code crop_size} as Perceiver's image processor does: it crops
 * first, to the share of the shorter side that {@code size} is of {@code crop_size}, and then
 * scales.
 */
final class PerceiverConfig implements SizeSteps {

  private final Size size;
  private final Size whole;
  private final Centre centre;

  PerceiverConfig(JsonFile file, SizeConfig sizes) {
    if (!file.flag("do_resize", false)) {
      throw file.wrong("do_center_crop", "false where \"do_resize\" is false");
    }
    this.size = sizes.size();
    this.whole = sizes.cropSize();
    this.centre = sizes.centre();
    if (size.width() > whole.width() || size.height() > whole.height()) {
      throw file.wrong("size", "at most \"crop_size\"");
    }
  }

  @Override
  public Optional<Part> part() {
    return Optional.of(
        new Part(
            (double) size.width() / whole.width(),
            (double) size.height() / whole.height(),
            centre));
  }

  @Override
  public Target target() {
    return new Exactly(size);
  }

  @Override
  public Optional<Crop> crop() {
    return Optional.empty();
  }

  @Override
  public String[] keys() {
    return new String[] {"size"};
  }

  @Override
  public String[] cropKeys() {
    return new String[] {"size", "crop_size"};
  }
}
