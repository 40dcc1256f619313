package dev.glimpse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.Printable;
import java.io.PrintWriter;

/**
 * Writes a command's output.
 *
 * @param out for results
 * @param err for errors
 * @param json whether to print JSON instead of text
 */
record Output(PrintWriter out, PrintWriter err, boolean json) {

  /** Prints text as it is: what comes from outside must be {@link Printable}. */
  void print(String text) {
    out.print(text);
    out.flush();
  }

  /** Prints a JSON document of several lines. */
  void print(ObjectNode node) {
    print(node.toPrettyString() + "\n");
  }

  /** Prints lines that say what is wrong, and returns the exit status. */
  int fail(String lines) {
    lines.lines().map(Printable::of).forEach(err::println);
    err.flush();
    return Commands.FAILED;
  }

  /**
   * Prints an error (with {@code --json}, as {@code problem} of the object) and returns the exit
   * status.
   */
  int fail(String sentence, ObjectNode node) {
    if (json) {
      print(node.put("problem", sentence));
    } else {
      fail(sentence);
    }
    return Commands.FAILED;
  }
}
