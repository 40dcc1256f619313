package dev.glimpse.image;

import dev.glimpse.bytes.Bytes;

/**
 * Names an image: a file, and which of its pages.
 *
 * @param bytes the whole file
 * @param page 0 or more; 0 is the first, and the only one of files without pages
 */
public record ImageFile(Bytes bytes, int page) {

  /** Names the first or only image of a file. */
  public ImageFile(Bytes bytes) {
    this(bytes, 0);
  }
}
