package dev.glimpse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;

/**
 * Where a command writes.
 *
 * @param out for what was asked for
 * @param err for what went wrong
 * @param json whether a program reads it
 */
record Output(PrintWriter out, PrintWriter err, boolean json) {

  void print(String text) {
    out.print(text);
    out.flush();
  }

  void print(ObjectNode node) {
    print(node.toPrettyString() + "\n");
  }

  /** Says in a sentence what went wrong, and returns the exit status for that. */
  int fail(String sentence, ObjectNode node) {
    if (json) {
      print(node.put("problem", sentence));
    } else {
      err.println(sentence);
      err.flush();
    }
    return Commands.BAD;
  }
}
