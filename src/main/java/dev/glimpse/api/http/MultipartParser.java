package dev.glimpse.api.http;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Splits a {@code multipart/form-data} body of <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC
 * 7578</a> into its parts.
 *
 * <p>Takes time linear in the body, whatever the boundary is: a delimiter begins a line and holds
 * no line break, so that what was compared with it once is never compared again.
 */
final class MultipartParser {

  private static final int MAX_HEADER_BYTES = 8192;

  private static final long LOWEST_BITS = 0x0101010101010101L;
  private static final long HIGHEST_BITS = LOWEST_BITS << 7;
  private static final long LINE_BREAKS = LOWEST_BITS * '\n';

  private static final String DISPOSITION = "content-disposition:";
  private static final String ENCODING = "content-transfer-encoding:";

  /** A delimiter that was found, or the end of the body. */
  private record Delimiter(int begin, int end, boolean last) {}

  private final Bytes body;
  private final ByteBuffer bytes;
  private final int length;
  private final byte[] delimiter;
  private final int maxParts;

  private MultipartParser(Bytes body, ByteBuffer bytes, String boundary, int maxParts) {
    this.body = body;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.length = bytes.limit();
    this.delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    this.maxParts = maxParts;
  }

  /**
   * A part of a form.
   *
   * @param content a part of the body; decoded, if it has a {@code Content-Transfer-Encoding}
   */
  record Part(String name, Bytes content) {

    String text() {
      return new String(content.toArray(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Returns the parts of a body in their order.
   *
   * @param boundary of the parts, without the dashes before it
   * @throws ServingException MALFORMED_REQUEST if the body is no such form, TOO_LARGE if it has too
   *     many parts, UNSUPPORTED_MEDIA_TYPE if a part is encoded in an unknown way
   */
  static List<Part> parse(Bytes body, String boundary, int maxParts) {
    try (Bytes.Reading reading = body.read()) {
      return new MultipartParser(body, reading.buffer(), boundary, maxParts).parse();
    }
  }

  private List<Part> parse() {
    List<Part> parts = new ArrayList<>();
    Delimiter found = next(0);
    if (found == null) {
      throw malformed();
    }
    while (!found.last && found.end < length) {
      if (parts.size() == maxParts) {
        throw new ServingException(
            Failure.TOO_LARGE,
            "The form has more than %d parts, the most that are read.".formatted(maxParts));
      }
      int content = endOfHeaders(found.end);
      Delimiter end = next(content);
      if (end == null) {
        throw malformed(); // the last part has no end
      }
      String headers = text(found.end, content);
      parts.add(part(headers, content, endOfContent(content, end.begin)));
      found = end;
    }
    return parts;
  }

  /** Finds the next line that is a delimiter. */
  private @Nullable Delimiter next(int from) {
    for (int line = from; line < length; line = endOfLine(line)) {
      int end = line + delimiter.length;
      if (end > length || !startsWithDelimiter(line)) {
        continue;
      }
      if (end + 1 < length && bytes.get(end) == '-' && bytes.get(end + 1) == '-') {
        return new Delimiter(line, length, true);
      }
      int rest = endOfLine(end);
      if (isBlank(end, rest)) {
        return new Delimiter(line, rest, false);
      }
    }
    return null;
  }

  private boolean startsWithDelimiter(int line) {
    for (int i = 0; i < delimiter.length; i++) {
      if (bytes.get(line + i) != delimiter[i]) {
        return false;
      }
    }
    return true;
  }

  private String text(int from, int to) {
    byte[] text = new byte[to - from];
    bytes.get(from, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Finds the byte after the next line break; reads eight bytes at a time, which is faster. */
  private int endOfLine(int from) {
    int i = from;
    while (i + Long.BYTES <= length) {
      long others = bytes.getLong(i) ^ LINE_BREAKS; // a line break becomes 0
      long zeros = (others - LOWEST_BITS) & ~others & HIGHEST_BITS;
      if (zeros != 0) {
        return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE + 1;
      }
      i += Long.BYTES;
    }
    while (i < length && bytes.get(i) != '\n') {
      i++;
    }
    return Math.min(i + 1, length);
  }

  private boolean isBlank(int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes.get(i);
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return false;
      }
    }
    return true;
  }

  /** Finds where a part's content begins: behind the first empty line. */
  private int endOfHeaders(int from) {
    int line = from;
    while (line < length && line - from <= MAX_HEADER_BYTES) {
      int end = endOfLine(line);
      if (isBlank(line, end)) {
        return end;
      }
      line = end;
    }
    throw malformed();
  }

  /** Leaves out the line break before a delimiter, which belongs to the delimiter. */
  private int endOfContent(int begin, int delimiterBegin) {
    int end = delimiterBegin;
    if (end > begin && bytes.get(end - 1) == '\n') {
      end--;
    }
    return end > begin && bytes.get(end - 1) == '\r' ? end - 1 : end;
  }

  private Part part(String headers, int begin, int end) {
    String name = null;
    String encoding = "";
    for (String line : headers.lines().toList()) {
      if (line.regionMatches(true, 0, DISPOSITION, 0, DISPOSITION.length())) {
        int semicolon = line.indexOf(';');
        Map<String, String> parameters =
            semicolon < 0 ? Map.of() : HeaderParameters.parse(line.substring(semicolon + 1));
        name = parameters.get("name");
      } else if (line.regionMatches(true, 0, ENCODING, 0, ENCODING.length())) {
        encoding = line.substring(ENCODING.length()).strip().toLowerCase(Locale.ROOT);
      }
    }
    if (name == null) {
      throw malformed();
    }
    return new Part(name, decoded(name, body.slice(begin, end - begin), encoding));
  }

  private static Bytes decoded(String name, Bytes content, String encoding) {
    return switch (encoding) {
      case "", "7bit", "8bit", "binary", "identity" -> content;
      case "base64" ->
          Bytes.of(
              Base64Text.decode(new String(content.toArray(), StandardCharsets.ISO_8859_1), name));
      default ->
          throw new ServingException(
              Failure.UNSUPPORTED_MEDIA_TYPE,
              "A part of the form has the Content-Transfer-Encoding \"%s\"; base64, 8bit and binary are supported."
                  .formatted(encoding));
    };
  }

  static ServingException malformed() {
    return new ServingException(
        Failure.MALFORMED_REQUEST,
        "The body is not the multipart/form-data that its Content-Type says it is.");
  }
}
