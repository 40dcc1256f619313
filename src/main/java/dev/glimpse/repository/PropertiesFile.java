package dev.glimpse.repository;

import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code .properties} file in a model folder key by key. What is wrong is an {@link
 * UnservableModelException} that names the file, the key and the value.
 */
public final class PropertiesFile {

  private final ModelFolder folder;
  private final String name;
  private final Properties values;

  private PropertiesFile(ModelFolder folder, String name, Properties values) {
    this.folder = folder;
    this.name = name;
    this.values = values;
  }

  /**
   * Reads a file.
   *
   * @throws UnservableModelException if it is missing, or is not such a file
   */
  public static PropertiesFile read(ModelFolder folder, String fileName) {
    Properties values = new Properties();
    try {
      values.load(new StringReader(folder.read(fileName)));
    } catch (IOException | IllegalArgumentException e) {
      throw folder.unservable(fileName + " is not a valid properties file", e);
    }
    return new PropertiesFile(folder, fileName, values);
  }

  /** Returns the file's name in messages. */
  public String name() {
    return name;
  }

  /** Returns a value, or null if it is missing or empty. */
  public @Nullable String find(String key) {
    String value = values.getProperty(key);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** Returns a flag as DJL reads it: everything but "true" is false. */
  public boolean flag(String key, boolean otherwise) {
    String value = find(key);
    return value == null ? otherwise : Boolean.parseBoolean(value);
  }

  /**
   * Returns a number of pixels; like DJL, accepts 224.0 for 224.
   *
   * @param otherwise is returned if it is missing
   * @throws UnservableModelException if it is not a number from 1 to 32,767
   */
  public int positiveInt(String key, int otherwise) {
    String value = find(key);
    return value == null ? otherwise : positiveInt(key, value);
  }

  /**
   * Parses a part of a value as a number of pixels; like DJL, accepts 224.0 for 224.
   *
   * @throws UnservableModelException if it is not a number from 1 to 32,767
   */
  public int positiveInt(String key, String text) {
    double number = number(key, text);
    if (number < 1 || number > Short.MAX_VALUE) {
      throw wrong(key, "a number of pixels");
    }
    return (int) number;
  }

  /**
   * Parses a part of a value.
   *
   * @throws UnservableModelException if it is not a finite number
   */
  public double number(String key, String text) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw wrong(key, "numeric");
  }

  /** Returns the comma-separated parts of a value; none if it is missing. */
  public List<String> list(String key) {
    String value = find(key);
    return value == null ? List.of() : Arrays.stream(value.split(",")).map(String::strip).toList();
  }

  /**
   * Names the origin of these keys' values, for people: the keys that the file sets, or DJL's
   * defaults if it sets none.
   */
  public String origin(String... keys) {
    List<String> written = new ArrayList<>();
    for (String key : keys) {
      if (find(key) != null) {
        written.add(key);
      }
    }
    return written.isEmpty()
        ? JsonFile.DEFAULT + " of DJL"
        : name + ": " + written.stream().collect(Collectors.joining(", "));
  }

  /**
   * Creates an error about a key's value.
   *
   * @param expected what it should be, such as "numeric"
   */
  public UnservableModelException wrong(String key, String expected) {
    return folder.unservable(
        "%s: %s is \"%s\" and should be %s".formatted(name, key, find(key), expected));
  }

  /** Creates an error about this file: part of a sentence, for the operator. */
  public UnservableModelException unservable(String what) {
    return folder.unservable(name + ": " + what);
  }
}
