package dev.glimpse.recipe;

import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Part;
import dev.glimpse.preprocess.Preprocessing.Target;
import dev.glimpse.repository.JsonFile;
import java.util.Optional;

/** Says to what size an image is scaled and cropped, as one image processor does it. */
interface SizeSteps {

  /** Returns the part of the image that is scaled; empty: the whole image. */
  Optional<Part> part();

  /** Returns the size to which it is scaled; called if {@code do_resize} is true. */
  Target target();

  /** Returns what is cut out after that. */
  Optional<Crop> crop();

  /** Returns the keys that say to what size an image is scaled. */
  String[] keys();

  /** Returns the keys that say what is cropped. */
  String[] cropKeys();

  /**
   * Prepares the steps of a file.
   *
   * @param file with the processor's defaults
   * @param processor empty: neither the file nor {@code config.json} names one
   * @throws dev.glimpse.failure.UnservableModelException if it has a key that only another
   *     processor reads
   */
  static SizeSteps of(JsonFile file, Optional<ImageProcessor> processor) {
    boolean resize = file.flag("do_resize", false);
    boolean share = resize && file.find("crop_pct") != null;
    // A file without a processor's name but with this key is read as ConvNeXT's.
    if (share && processor.map(p -> p.is("ConvNext")).orElse(true)) {
      return new ConvNextConfig(file);
    }
    if (share && !processor.map(p -> p.is("PoolFormer")).orElse(false)) {
      throw file.unservable(
          "\"crop_pct\" is supported for the image processors of ConvNeXT and PoolFormer only");
    }
    SizeConfig sizes = new SizeConfig(file, processor);
    boolean perceiver = processor.map(p -> p.is("Perceiver")).orElse(false);
    return perceiver && sizes.crops() ? new PerceiverConfig(file, sizes) : sizes;
  }
}
