package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What comes from outside, such as the name of a folder, must not control the terminal. */
class OutputTest {

  private static final String CLEARS_THE_SCREEN = "a\033[2Jb";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void anErrorIsPrintedWithoutControlCharacters() {
    Output output = new Output(new PrintWriter(out), new PrintWriter(err), false);

    int status =
        output.fail(CLEARS_THE_SCREEN + "\nsecond line", JsonNodeFactory.instance.objectNode());

    assertThat(status).isEqualTo(Commands.FAILED);
    assertThat(err.toString().lines()).containsExactly("a\\u001b[2Jb", "second line");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aTableIsPrintedWithoutControlCharactersAndStaysAligned() {
    String table =
        new Table().row("NAME", "FOLDER").row(CLEARS_THE_SCREEN, "x\ny").row("b", "z").indented("");

    assertThat(table)
        .isEqualTo(
            """
            NAME         FOLDER
            a\\u001b[2Jb  x\\u000ay
            b            z
            """);
  }
}
