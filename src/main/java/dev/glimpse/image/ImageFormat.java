package dev.glimpse.image;

import java.nio.ByteBuffer;

/** Recognises files of one image format by their first bytes. */
public interface ImageFormat {

  /** Returns the format's usual name, such as "JPEG" or "WebP", as clients and logs see it. */
  String name();

  /**
   * Tells whether a file is of this format. Looks at the first bytes only and loads no library.
   *
   * @param file the whole file, of any length
   */
  boolean matches(ByteBuffer file);
}
