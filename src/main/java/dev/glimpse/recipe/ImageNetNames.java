package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.repository.JsonFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names the classes of timm's models for ImageNet-1k, whose {@code config.json} leaves the names
 * out. The names are the words of the classes' WordNet synsets.
 */
final class ImageNetNames {

  static final String NAME = "ImageNet-1k";

  private static final String FILE = "/imagenet-1k.txt";
  private static final String COUNT = "num_classes";
  private static final int CLASSES = 1000;

  private ImageNetNames() {}

  /**
   * Returns the names if the file is timm's and says that there are 1,000 classes, as timm itself
   * infers them.
   */
  static Optional<ClassNames> of(@Nullable JsonFile config) {
    if (config == null || config.find(TimmConfig.KEY) == null) {
      return Optional.empty();
    }
    @Nullable JsonNode beside = config.find(COUNT);
    @Nullable JsonNode count = beside != null ? beside : config.find(TimmConfig.KEY + "." + COUNT);
    return count != null && count.isIntegralNumber() && count.intValue() == CLASSES
        ? Optional.of(new ClassNames(read(), NAME, NAME + ", by " + config.name() + ": " + COUNT))
        : Optional.empty();
  }

  private static List<String> read() {
    try (InputStream in = ImageNetNames.class.getResourceAsStream(FILE)) {
      String text =
          new String(Objects.requireNonNull(in, FILE).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new IllegalStateException(FILE + " cannot be read", e);
    }
  }
}
