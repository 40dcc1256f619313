package dev.glimpse.folder;

import java.io.Closeable;
import java.io.IOException;

/** Takes the text of rows. */
public interface RowOutput extends Closeable {

  /** Writes whole lines at once. */
  void write(String text) throws IOException;

  @Override
  void close() throws IOException;
}
