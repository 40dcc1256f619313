package dev.glimpse.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageInputsTest {

  private static final ImageInputs.Options FLAT =
      new ImageInputs.Options(false, false, Optional.empty());
  private static final ImageInputs.Options RECURSIVE =
      new ImageInputs.Options(true, false, Optional.empty());

  @TempDir Path folder;

  @Test
  void aFolderIsSortedAndOnlyWhatIsNamedLikeAnImageIsTaken() throws IOException {
    touch("b.JPG", "a.png", "c.webp", ".hidden.jpg", "notes.txt", "jpg", "in/d.jpg");

    ImageInputs inputs = inputs(FLAT, "", folder.toString());

    assertThat(names(inputs)).containsExactly("a.png", "b.JPG", "c.webp", "jpg");
    assertThat(inputs.skipped()).isEqualTo(1);
    assertThat(inputs.folders()).isEqualTo(1);
  }

  @Test
  void recursionTakesFoldersInTheirPlace() throws IOException {
    touch("a.jpg", "b/2.jpg", "b/1.jpg", "b/c/0.jpg", "d.jpg", ".git/x.jpg");

    assertThat(names(inputs(RECURSIVE, "", folder + "/")))
        .containsExactly("a.jpg", "b/1.jpg", "b/2.jpg", "b/c/0.jpg", "d.jpg");
  }

  @Test
  void linksToFilesAreFollowedAndThoseToFoldersAreNot() throws IOException {
    touch("a.jpg", "b/1.jpg");
    Files.createSymbolicLink(folder.resolve("b/circle.jpg"), folder);
    Files.createSymbolicLink(folder.resolve("link.jpg"), folder.resolve("a.jpg"));
    Files.createSymbolicLink(folder.resolve("nowhere.jpg"), folder.resolve("missing"));

    assertThat(names(inputs(RECURSIVE, "", folder.toString())))
        .containsExactly("a.jpg", "b/1.jpg", "link.jpg", "nowhere.jpg");
  }

  @Test
  void theFolderThatIsSortedIntoIsLeftOut() throws IOException {
    touch("a.jpg", "out/daisy/b.jpg", "outer/c.jpg");
    Path out = folder.resolve("out").toAbsolutePath().normalize();

    assertThat(
            names(
                inputs(
                    new ImageInputs.Options(true, false, Optional.of(out)), "", folder.toString())))
        .containsExactly("a.jpg", "outer/c.jpg");
    Path way = Files.createSymbolicLink(folder.resolve("way"), out.getFileName());
    assertThat(
            names(
                inputs(
                    new ImageInputs.Options(true, false, Optional.of(way)), "", folder.toString())))
        .containsExactly("a.jpg", "outer/c.jpg");
  }

  @Test
  void filesFoldersAndTheListKeepTheOrderOfTheCommandLine() throws IOException {
    touch("x/1.jpg", "y/2.jpg", "3.txt");
    String list = folder + "/y\n\n" + folder + "/missing\n" + folder + "/3.txt";

    assertThat(names(inputs(FLAT, list, folder + "/x", "-", folder + "/x/1.jpg")))
        .containsExactly("x/1.jpg", "y/2.jpg", "missing", "3.txt", "x/1.jpg");
  }

  @Test
  void namesInAListMayBeEndedByNul() throws IOException {
    touch("a\nb.jpg");

    assertThat(
            names(
                inputs(
                    new ImageInputs.Options(false, true, Optional.empty()),
                    folder + "/a\nb.jpg\0",
                    "-")))
        .containsExactly("a\nb.jpg");
  }

  @Test
  void anEndlessNameTakesLittleMemory() throws IOException {
    InputStream endless =
        new InputStream() {
          private long left = 50_000_000;

          @Override
          public int read() {
            return left-- > 0 ? 'a' : -1;
          }
        };

    ImageInput input = new ImageInputs(List.of("-"), FLAT, endless).next();

    assertThat(input.name()).hasSizeLessThan(100_000);
  }

  @Test
  void aFolderThatCannotBeListedIsARow() throws IOException {
    SortedFolder gone = new SortedFolder(folder.resolve("gone"));
    FolderWalk walk = new FolderWalk(folder.resolve("gone"), "gone", false, Optional.empty());

    assertThat(walk.next().problem()).contains(RowProblem.unlisted());
    assertThat(walk.next()).isNull();
    assertThatThrownBy(gone::hasNext).isInstanceOf(IOException.class);
  }

  @Test
  void manyNamesAreSortedInPassesAlsoWhileFilesVanish() throws IOException {
    List<String> all =
        IntStream.range(0, 100)
            .mapToObj(i -> "%03d.jpg".formatted(i))
            .collect(ArrayList::new, List::add, List::addAll);
    List<String> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(1));
    touch(shuffled.toArray(String[]::new));
    SortedFolder sorted = new SortedFolder(folder, 7);
    List<String> found = new ArrayList<>();
    while (sorted.hasNext()) {
      String name = sorted.next();
      found.add(name);
      Files.delete(folder.resolve(name)); // as --by move does
    }

    assertThat(found).isEqualTo(all);
  }

  private void touch(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private static ImageInputs inputs(ImageInputs.Options options, String list, String... arguments) {
    return new ImageInputs(
        List.of(arguments),
        options,
        new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> names(ImageInputs inputs) throws IOException {
    List<String> names = new ArrayList<>();
    for (ImageInput input = inputs.next(); input != null; input = inputs.next()) {
      names.add(folder.relativize(input.path()).toString());
      assertThat(input.name().replace("//", "/")).isEqualTo(input.path().toString());
    }
    return names;
  }
}
