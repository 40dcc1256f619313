package dev.glimpse.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings for other programs in the documents. */
public final class DocumentedYaml {

  private DocumentedYaml() {}

  /** Returns the block of YAML in a document that begins with this key. */
  public static String block(String document, String key) throws IOException {
    Matcher block =
        Pattern.compile("(?ms)^```yaml\n(" + Pattern.quote(key) + ":.*?)^```")
            .matcher(Files.readString(Path.of(document)));
    assertThat(block.find()).as(key).isTrue();
    return block.group(1);
  }
}
