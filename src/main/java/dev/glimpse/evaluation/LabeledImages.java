package dev.glimpse.evaluation;

import dev.glimpse.folder.CsvLine;
import dev.glimpse.folder.FileNames;
import dev.glimpse.folder.ImageInput;
import dev.glimpse.folder.ImageInputs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads which images there are and what they show: from a folder with a folder for each class, or
 * from a CSV of files and labels. Files in a CSV are relative to its folder. Needs memory for each.
 */
public final class LabeledImages {

  /**
   * Holds an image and what it shows.
   *
   * @param label as the folder or the CSV has it
   */
  public record LabeledImage(ImageInput input, String label) {}

  /** Marks the order of bytes, and begins files of some spreadsheets. */
  private static final String MARK = "\uFEFF";

  private static final ImageInputs.Options ALL =
      new ImageInputs.Options(true, false, Optional.empty());

  private LabeledImages() {}

  /**
   * Reads a folder of folders, or a CSV file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it holds no images, or a row of the CSV has another form
   */
  public static List<LabeledImage> read(Path source) throws IOException {
    List<LabeledImage> images = Files.isDirectory(source) ? folder(source) : csv(source);
    if (images.isEmpty()) {
      throw new IllegalArgumentException(
          "%s holds no images; it has to hold a folder of images for each class, or be a CSV of files and labels."
              .formatted(source));
    }
    return images;
  }

  private static List<LabeledImage> folder(Path source) throws IOException {
    TreeMap<String, Path> classes = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(source, Files::isDirectory)) {
      for (Path entry : entries) {
        String name = FileNames.of(entry);
        if (!name.startsWith(".")) {
          classes.put(name, entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    List<LabeledImage> images = new ArrayList<>();
    for (String name : classes.keySet()) {
      ImageInputs files =
          new ImageInputs(List.of(source + "/" + name), ALL, InputStream.nullInputStream());
      for (ImageInput file = files.next(); file != null; file = files.next()) {
        images.add(new LabeledImage(file, name));
      }
    }
    return images;
  }

  private static List<LabeledImage> csv(Path source) throws IOException {
    List<LabeledImage> images = new ArrayList<>();
    Path folder = Objects.requireNonNull(source.toAbsolutePath().getParent());
    Map<Path, Integer> known = new HashMap<>();
    try (BufferedReader lines = Files.newBufferedReader(source, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        List<String> cells =
            CsvLine.cells(number == 1 && line.startsWith(MARK) ? line.substring(1) : line);
        if (line.isBlank() || (number == 1 && isHeader(cells))) {
          continue;
        }
        if (cells.size() < 2) {
          throw new IllegalArgumentException(
              "Line %d of %s has no label; each has to be file,label.".formatted(number, source));
        }
        Path file = FileNames.resolve(folder, cells.get(0)).normalize();
        Integer before = known.putIfAbsent(file, number);
        if (before != null) {
          throw new IllegalArgumentException(
              "Lines %d and %d of %s name the same image; name each once."
                  .formatted(before, number, source));
        }
        images.add(
            new LabeledImage(new ImageInput(cells.get(0), file, Optional.empty()), cells.get(1)));
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "%s is not in UTF-8, as a list has to be; convert it.".formatted(source), e);
    }
    return images;
  }

  private static boolean isHeader(List<String> cells) {
    return cells.size() >= 2
        && cells
            .get(0)
            .strip()
            .toLowerCase(Locale.ROOT)
            .matches("(image[_ ]?)?(file|path|name|file[_ ]?name|file[_ ]?path)|image");
  }
}
