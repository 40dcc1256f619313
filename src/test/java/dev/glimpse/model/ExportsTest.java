package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Folders as Optimum leaves them, with no file of ours added, against transformers' own processors.
 * A wrong filter, mean or crop would change a score by twice the tolerance or more: the generator
 * sees to that.
 */
class ExportsTest {

  private static GoldenScores exports;

  @BeforeAll
  static void load() {
    exports = new GoldenScores(Fixtures.RESOURCES.resolve("models-exports"));
  }

  @AfterAll
  static void close() {
    exports.close();
  }

  @Test
  void everyArchitectureScoresTestImagesAsTransformersDoes() {
    List<Map<String, String>> golden = Fixtures.table("golden/exports/pictures.tsv");
    assertThat(golden.stream().map(row -> row.get("model")).distinct())
        .contains("vit", "convnext", "resnet", "mobilenet_v2", "efficientnet", "swin")
        .containsExactlyInAnyOrderElementsOf(exports.models());
    exports.compare(golden, Fixtures::image);
  }

  @Test
  void andForDrawnPhotos() {
    exports.compare(
        Fixtures.table("golden/exports/drawn-photos.tsv"),
        name -> Fixtures.bytes(Fixtures.PHOTOS.resolve(name)));
  }

  @Test
  @EnabledIfExternalData({"photos/imagenet", "datasets/flowers"})
  void andForRealPhotos() {
    exports.compare(
        Fixtures.table("golden/exports/photos.tsv"), name -> Fixtures.bytes(Fixtures.asset(name)));
  }
}
