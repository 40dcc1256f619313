package dev.glimpse.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.folder.ImageSorter.Staged;
import dev.glimpse.folder.ReadableRows.Written;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.postprocess.Uncertainty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageSorterTest {

  private static final List<String> LABELS = List.of("daisy", "../../etc");

  @TempDir Path folder;
  private Path image;
  private Path root;

  @BeforeEach
  void write() throws IOException {
    image = Files.writeString(folder.resolve("a.jpg"), "pixels");
    root = folder.resolve("sorted");
  }

  private ImageSorter sorter(SortBy by) throws IOException {
    return new ImageSorter(root, by, LABELS);
  }

  private static Row row(Path image, int index) {
    return Row.of(
        image.toString(),
        RankedClasses.of(List.of(new Classification(LABELS.get(index), 1, index))));
  }

  private static Row sort(ImageSorter sorter, Path image, Row row) {
    Staged staged = sorter.stage(ImageInput.of(image.toString(), image), row);
    Row placed = sorter.place(staged);
    assertThat(sorter.publish(staged, placed)).isEmpty();
    return placed;
  }

  @ParameterizedTest
  @EnumSource(SortBy.class)
  void imagesComeIntoTheirClassesFolders(SortBy by) throws IOException {
    Row row = sort(sorter(by), image, row(image, 0));

    assertThat(row.sortedTo()).contains("daisy/a.jpg");
    assertThat(root.resolve("daisy/a.jpg")).hasContent("pixels");
    assertThat(Files.exists(image)).isEqualTo(by != SortBy.MOVE);
    assertThat(Files.isSymbolicLink(root.resolve("daisy/a.jpg"))).isEqualTo(by == SortBy.LINK);
    assertThat(files()).containsExactly("daisy/a.jpg");
  }

  @ParameterizedTest
  @EnumSource(SortBy.class)
  void nothingIsOverwritten(SortBy by) throws IOException {
    Files.createDirectories(root.resolve("daisy"));
    Files.writeString(root.resolve("daisy/a.jpg"), "precious");
    Files.createSymbolicLink(root.resolve("daisy/a-2.jpg"), Path.of("nowhere"));

    Row row = sort(sorter(by), image, row(image, 0));

    assertThat(row.sortedTo()).contains("daisy/a-3.jpg");
    assertThat(root.resolve("daisy/a.jpg")).hasContent("precious");
    assertThat(root.resolve("daisy/a-3.jpg")).hasContent("pixels");
  }

  @Test
  void labelsLeadOutOfNoFolder() throws IOException {
    assertThat(sort(sorter(SortBy.COPY), image, row(image, 1)).sortedTo())
        .contains("_.._.._etc/a.jpg");
    assertThat(files()).containsExactly("_.._.._etc/a.jpg");
  }

  @Test
  void linkInPlaceOfAFolderIsNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createDirectory(root);
    Files.createSymbolicLink(root.resolve("daisy"), elsewhere);

    Row row = sort(sorter(SortBy.COPY), image, row(image, 0));

    assertThat(row.sortedTo()).isEmpty();
    assertThat(row.problem().orElseThrow().detail())
        .isEqualTo("The folder daisy cannot be used: something else has its name.");
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(image).exists();
    assertThat(files()).containsExactly("daisy");
  }

  @Test
  void linksAreNotMoved() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.jpg"), Path.of("a.jpg"));

    Row row = sort(sorter(SortBy.MOVE), link, row(link, 0));

    assertThat(row.problem().orElseThrow().code()).isEqualTo("not-sorted");
    assertThat(link).exists();
  }

  @Test
  void uncertainAndFailedImagesAreApart() throws IOException {
    ImageSorter sorter = sorter(SortBy.COPY);
    Row uncertain =
        Row.of(
            "a.jpg",
            new RankedClasses(
                List.of(new Classification("daisy", 0.3f, 0)),
                Optional.of(Uncertainty.LOW_SCORE),
                List.of()));

    assertThat(sort(sorter, image, uncertain).sortedTo()).contains("_uncertain/a.jpg");
    assertThat(sort(sorter, image, Row.failed("a.jpg", RowProblem.unreadable())).sortedTo())
        .isEmpty();
    assertThat(files()).containsExactly("_uncertain/a.jpg");
  }

  /** The row is written before the file is put there; the process may be killed in between. */
  @ParameterizedTest
  @EnumSource(SortBy.class)
  void whatTheLastRowSaysIsDoneOnce(SortBy by) throws IOException {
    Files.createDirectories(root.resolve("daisy"));
    Files.writeString(root.resolve(".glimpse-999999999-3.part"), "half");
    ImageSorter sorter = sorter(by);
    Written last = new Written(image.toString(), Optional.of("daisy/a.jpg"), "flowers/1", false);

    assertThat(sorter.finish(last, image.toString())).isEmpty();
    assertThat(sorter.finish(last, image.toString())).isEmpty();

    assertThat(root.resolve("daisy/a.jpg")).hasContent("pixels");
    assertThat(Files.exists(image)).isEqualTo(by != SortBy.MOVE);
    assertThat(files()).containsExactly("daisy/a.jpg");
  }

  @Test
  void theOnlyCopyIsNotDeleted() throws IOException {
    ImageSorter sorter = sorter(SortBy.MOVE);
    Files.createDirectories(root.resolve("daisy"));
    Files.createSymbolicLink(root.resolve("daisy/a.jpg"), image);
    assertThat(sorter.finish(written("daisy/a.jpg"), image.toString())).isEmpty();
    assertThat(image).hasContent("pixels");

    Path sorted = Files.writeString(root.resolve("daisy/b.jpg"), "pixels");
    Path way = Files.createSymbolicLink(folder.resolve("way"), root.resolve("daisy"));
    String other = way.resolve("b.jpg").toString();
    assertThat(sorter.finish(written("daisy/b.jpg"), other)).isEmpty();
    assertThat(sorted).hasContent("pixels");
  }

  @Test
  void aMoveThatWasKilledBetweenItsStepsIsCompleted() throws IOException {
    ImageSorter sorter = sorter(SortBy.MOVE);
    Files.createDirectories(root.resolve("daisy"));
    Files.createLink(root.resolve("daisy/a.jpg"), image);
    assertThat(sorter.finish(written("daisy/a.jpg"), image.toString())).isEmpty();

    assertThat(image).doesNotExist();
    assertThat(root.resolve("daisy/a.jpg")).hasContent("pixels");
  }

  private Written written(String to) {
    return new Written(image.toString(), Optional.of(to), "flowers/1", false);
  }

  @Test
  void anotherRunIsRefused() throws IOException {
    Path copy = root.resolve(".glimpse-0123456789abcdef-1.part");
    try (ImageSorter first = sorter(SortBy.COPY)) {
      Files.writeString(copy, "half");
      assertThatThrownBy(() -> sorter(SortBy.COPY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Another run is sorting into %s; wait for its end, or sort into another folder."
                  .formatted(root));
      assertThat(copy).exists();
      assertThat(first.root()).isEqualTo(root);
    }
    sorter(SortBy.COPY).close();
    assertThat(copy).doesNotExist();
  }

  @Test
  void copiesOfRunsHaveDifferentNames() throws IOException {
    Files.createDirectory(root);
    Path first = new StagingFiles(root).copy(image);
    Path second = new StagingFiles(root).copy(image);

    assertThat(first).hasContent("pixels").isNotEqualTo(second);
  }

  @ParameterizedTest
  @EnumSource(SortBy.class)
  void whatHasTakenTheNameMeanwhileStays(SortBy by) throws IOException {
    ImageSorter sorter = sorter(by);
    Row row = row(image, 0);
    Staged staged = sorter.stage(ImageInput.of(image.toString(), image), row);
    Row placed = sorter.place(staged);
    Files.writeString(root.resolve("daisy/a.jpg"), "precious");

    assertThat(sorter.publish(staged, placed).orElseThrow())
        .endsWith("was not put to daisy/a.jpg, as its row says: something else has its name");
    assertThat(root.resolve("daisy/a.jpg")).hasContent("precious");
    assertThat(image).hasContent("pixels");
    assertThat(files()).containsExactly("daisy/a.jpg");
  }

  @ParameterizedTest
  @EnumSource(SortBy.class)
  void anImageInItsFolderStays(SortBy by) throws IOException {
    Files.createDirectories(root.resolve("daisy"));
    Path there = Files.move(image, root.resolve("daisy/a.jpg"));

    assertThat(sort(sorter(by), there, row(there, 0)).sortedTo()).contains("daisy/a.jpg");
    assertThat(there).hasContent("pixels");
    assertThat(files()).containsExactly("daisy/a.jpg");
  }

  @Test
  void aLongNameThatIsTakenIsShortened() throws IOException {
    String name = "ü".repeat(125) + "x.jpg"; // 255 bytes
    Path directory = Files.createDirectory(folder.resolve("long"));
    Path longest = Files.writeString(FileNames.resolve(directory, name), "pixels");
    Files.createDirectories(root.resolve("daisy"));
    Files.writeString(FileNames.resolve(root.resolve("daisy"), name), "precious");

    String to = sort(sorter(SortBy.COPY), longest, row(longest, 0)).sortedTo().orElseThrow();

    assertThat(to).isEqualTo("daisy/" + "ü".repeat(124) + "-2.jpg");
    assertThat(FileNames.resolve(root, to)).hasContent("pixels");
  }

  @Test
  void aFolderThatCannotBeLookedIntoHasNoFreeName() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> FreeName.in(file, "a.jpg")).isInstanceOf(IOException.class);
  }

  @Test
  void aForgedRowLeadsOutOfNoFolder() throws IOException {
    Written last = new Written(image.toString(), Optional.of("../b.jpg"), "flowers/1", false);

    assertThat(sorter(SortBy.COPY).finish(last, image.toString())).isPresent();
    assertThat(folder.resolve("b.jpg")).doesNotExist();
  }

  @Test
  void theNextNumberIsFoundInFewSteps() {
    for (int taken : new int[] {0, 1, 2, 3, 10, 1000, 999_999}) {
      AtomicInteger steps = new AtomicInteger();
      int free =
          FreeName.first(number -> {
            steps.incrementAndGet();
            return number > taken;
          });
      assertThat(free).isEqualTo(taken + 1);
      assertThat(steps.get()).isLessThan(45);
    }
  }

  @Test
  void foldersAreSafeAndDifferent() {
    List<String> labels =
        List.of(
            "crane",
            "Crane",
            "crane",
            "..",
            "",
            "a/b",
            "a_b",
            "con",
            "nul.txt",
            ".git",
            "-rf",
            "a\nb",
            "_uncertain",
            "dot.",
            "雏菊",
            "x".repeat(300),
            "🌼".repeat(300));
    LabelFolders folders = new LabelFolders(labels);
    List<String> names =
        Stream.iterate(0, i -> i + 1)
            .limit(labels.size())
            .map(i -> folders.of(new Classification(labels.get(i), 1, i)))
            .toList();

    assertThat(names)
        .startsWith(
            "crane-0",
            "Crane-1",
            "crane-2",
            "_.._",
            "_",
            "a_b-5",
            "a_b-6",
            "con_",
            "nul.txt_",
            "_.git",
            "_-rf",
            "a_u000ab",
            "_uncertain-12",
            "dot._",
            "雏菊")
        .allSatisfy(name ->
            assertThat(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .hasSizeLessThan(256));
    assertThat(names.stream().map(String::toLowerCase)).doesNotHaveDuplicates();
  }

  /** Returns what is there besides the lock. */
  private List<String> files() throws IOException {
    assertThat(root.resolve(FolderLock.NAME)).isEmptyFile();
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> root.relativize(file).toString())
          .filter(name -> !name.equals(FolderLock.NAME))
          .sorted()
          .toList();
    }
  }
}
