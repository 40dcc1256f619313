package dev.glimpse.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.evaluation.LabeledImages.LabeledImage;
import dev.glimpse.postprocess.Labels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabeledImagesTest {

  private static final Labels CLASSES =
      new Labels(
          List.of("tench, Tinca tinca", "crane", "crane", "Band-Aid", "7"),
          Map.of("zh", List.of("丁鱥", "鹤", "起重机", "创可贴", "七")));

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

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFFimage_path,label\n", "filepath,x\n", "Image,x\n", "\uFEFF", ""})
  void headersAndMarksAreNoImages(String start) throws Exception {
    Path csv = folder.resolve("test.csv");
    Files.writeString(csv, start + "a.jpg,daisy\n");

    assertThat(LabeledImages.read(csv).stream().map(this::shown)).containsExactly("a.jpg daisy");
  }

  @Test
  void anImageIsNamedOnce() throws Exception {
    Path csv = folder.resolve("test.csv");
    Files.writeString(csv, "a.jpg,daisy\nb.jpg,daisy\n./x/../a.jpg,rose\n");

    assertThatThrownBy(() -> LabeledImages.read(csv))
        .hasMessage("Lines 1 and 3 of %s name the same image; name each once.".formatted(csv));
  }

  @Test
  void otherEncodingsAreNamed() throws Exception {
    Path csv = folder.resolve("test.csv");
    Files.write(csv, "ä.jpg,daisy\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> LabeledImages.read(csv)).hasMessageContaining("is not in UTF-8");
  }

  @Test
  void aLabelIsStrongerThanANumberedOne() {
    Labels names = new Labels(List.of("crane-1", "crane"), Map.of());

    assertThat(names.find("crane-1")).hasValue(0);
    assertThat(names.find("crane-1-0")).hasValue(0);
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
