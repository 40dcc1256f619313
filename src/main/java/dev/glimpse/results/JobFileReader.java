package dev.glimpse.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what describes jobs and answers of files that {@link JobFormat} has made, and no more. */
final class JobFileReader {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** More than a request's headers and parameters can make. */
  private static final int LONGEST_LINE = 1 << 20;

  private JobFileReader() {}

  /**
   * The line before bytes.
   *
   * @param rest how many bytes follow
   */
  record Head(JsonNode json, long rest) {}

  /**
   * Reads the line before bytes, and no more of them than a buffer.
   *
   * @param all how many bytes there are, with the line
   * @throws IOException if there is no line, or a longer one than any that was written
   */
  static Head head(InputStream in, long all) throws IOException {
    byte[] line = line(in);
    if (line == null) {
      throw new IOException("It does not begin with a line of JSON.");
    }
    return new Head(MAPPER.readTree(line), all - line.length - 1);
  }

  /**
   * Returns the bytes before the next line feed, which is read, too; null if the file ends before.
   */
  private static byte @Nullable [] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && line.size() < LONGEST_LINE; next = in.read()) {
      if (next == '\n') {
        return line.toByteArray();
      }
      line.write(next);
    }
    return null;
  }

  /**
   * What was written of answers.
   *
   * @param images how many images have one
   * @param bytes that they take, as far as they are whole
   */
  record Written(int images, long bytes) {}

  /** Counts answers as {@link JobFormat#answers} reads them, without keeping them. */
  static Written answers(InputStream in) throws IOException {
    Set<Integer> images = new HashSet<>();
    long whole = 0;
    while (true) {
      byte[] line = line(in);
      JsonNode head = line == null ? null : tree(line);
      if (line == null || head == null || !head.path("image").isInt()) {
        return new Written(images.size(), whole);
      }
      int length = head.path("length").asInt(-1);
      try {
        if (length < 0) {
          return new Written(images.size(), whole);
        }
        in.skipNBytes(length);
      } catch (EOFException e) {
        return new Written(images.size(), whole);
      }
      if (in.read() != '\n') {
        return new Written(images.size(), whole);
      }
      images.add(head.path("image").asInt());
      whole += line.length + 1L + length + 1;
    }
  }

  private static @Nullable JsonNode tree(byte[] line) {
    try {
      return MAPPER.readTree(line);
    } catch (IOException e) {
      return null;
    }
  }
}
