package dev.glimpse.cli;

import dev.glimpse.folder.RowOutput;
import java.io.IOException;
import java.io.PrintWriter;

/** Prints rows on standard output. */
record PrintedRows(PrintWriter out) implements RowOutput {

  @Override
  public void write(String text) throws IOException {
    out.print(text);
    if (out.checkError()) { // which flushes
      throw new IOException("standard output is closed");
    }
  }

  /** Leaves standard output open. */
  @Override
  public void close() {
    out.flush();
  }
}
