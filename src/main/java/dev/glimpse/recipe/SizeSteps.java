package dev.glimpse.recipe;

import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Part;
import dev.glimpse.preprocess.Preprocessing.Target;
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
}
