package dev.glimpse.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.evaluation.LabeledImages.LabeledImage;
import dev.glimpse.postprocess.Labels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabeledImagesTest {

  private static final ClassNamesMatch CLASSES =
      new ClassNamesMatch(
          new Labels(
              List.of("tench, Tinca tinca", "crane", "crane", "Band-Aid", "7"),
              Map.of("zh", List.of("丁鱥", "鹤", "起重机", "创可贴", "七"))));

  @TempDir Path folder;

  @Test
  void foldersAreClasses() throws Exception {
    for (String name :
        List.of("daisy/b.jpg", "daisy/a.png", "roses/c/d.jpg", "notes.txt", ".x/e.jpg")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), "");
    }

    assertThat(LabeledImages.read(folder).stream().map(this::shown))
        .containsExactly("daisy/a.png daisy", "daisy/b.jpg daisy", "roses/c/d.jpg roses");
  }

  @Test
  void csvNamesFilesRelativeToItself() throws Exception {
    Path csv = folder.resolve("test.csv");
    Files.writeString(
        csv, "file,label,other\r\na.jpg,daisy,1\r\n\r\n\"b \"\"c\"\", d.jpg\",\"tench, x\"\r\n");

    List<LabeledImage> images = LabeledImages.read(csv);
    assertThat(images.stream().map(this::shown))
        .containsExactly("a.jpg daisy", "b \"c\", d.jpg tench, x");
    assertThat(images.get(0).input().name()).isEqualTo("a.jpg");

    Files.writeString(csv, "a.jpg,daisy\nb.jpg\n");
    assertThatThrownBy(() -> LabeledImages.read(csv)).hasMessageStartingWith("Line 2 of ");
  }

  @Test
  void noImagesAreAnError() {
    assertThatThrownBy(() -> LabeledImages.read(folder)).hasMessageContaining("holds no images");
  }

  private String shown(LabeledImage image) {
    return folder.toAbsolutePath().relativize(image.input().path().toAbsolutePath())
        + " "
        + image.label();
  }

  @ParameterizedTest
  @CsvSource({
    "'tench, Tinca tinca',0",
    "TINCA TINCA,0",
    "tench,0",
    "band_aid,3",
    "起重机,2",
    "crane-2,2",
    "7,4",
    "3,3",
    "crane,-1",
    "goldfish,-1",
    "5,-1",
    "'',-1"
  })
  void classesAreFoundByTheirNames(String name, int index) {
    assertThat(CLASSES.find(name).orElse(-1)).isEqualTo(index);
  }
}
