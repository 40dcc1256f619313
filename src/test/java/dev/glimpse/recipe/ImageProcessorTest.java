package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ImageProcessorTest {

  /** The table in the documentation lists each class, and says of each whether it is read. */
  @Test
  void documentationListsEveryClass() throws IOException {
    JsonNode facts =
        new ObjectMapper().readTree(Path.of("src/main/resources/image-processors.json").toFile());
    String table = Files.readString(Path.of("docs/models.md"));
    facts
        .path("read")
        .fieldNames()
        .forEachRemaining(stem ->
            assertThat(table).containsPattern("\\| `" + stem + "ImageProcessor` \\| .* \\| read"));
    facts
        .path("refused")
        .properties()
        .forEach(entry -> {
          assertThat(table).containsPattern("`" + entry.getKey() + "(ImageProcessor|…)`");
          assertThat(table).contains("refused, because " + entry.getValue().textValue());
        });
  }
}
