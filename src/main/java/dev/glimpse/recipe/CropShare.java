package dev.glimpse.recipe;

import dev.glimpse.repository.JsonFile;

/** Reads {@code crop_pct}: the fraction of a scaled image's side that the crop keeps. */
final class CropShare {

  static final String KEY = "crop_pct";

  private CropShare() {}

  /**
   * Returns the fraction, above 0 and at most 1; 1 where the file has none.
   *
   * @throws dev.glimpse.failure.UnservableModelException if it is out of range, or not a number
   */
  static double read(JsonFile file) {
    double share = file.number(KEY, 1);
    if (!(share > 0 && share <= 1)) {
      throw file.wrong(KEY, "a number above 0 and at most 1");
    }
    return share;
  }
}
