package dev.glimpse.folder;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads a list of names, each ended by a line feed or by a NUL. Empty ones are left out. */
final class NameList {

  /** Longer than a path may be on any system. */
  private static final int LONGEST = 65_536;

  private final InputStream in;
  private final int end;

  /**
   * Reads from a stream, which is not closed.
   *
   * @param nul whether a NUL ends a name, as {@code find -print0} writes it
   */
  NameList(InputStream in, boolean nul) {
    this.in = new BufferedInputStream(in);
    this.end = nul ? 0 : '\n';
  }

  /** Returns the next name, of which only so much is kept as any path has; null at the end. */
  @Nullable String next() throws IOException {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b >= 0 && b != end) {
        if (name.size() < LONGEST) {
          name.write(b);
        }
      } else if (name.size() > 0) {
        return FileNames.decode(name.toByteArray());
      } else if (b < 0) {
        return null;
      }
    }
  }
}
