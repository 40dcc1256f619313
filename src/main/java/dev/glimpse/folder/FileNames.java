package dev.glimpse.folder;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Converts between paths and text without loss. A file name on Unix is a string of bytes, which the
 * JDK decodes by the locale: in a container without one, each letter beyond ASCII would be lost.
 * Here it is UTF-8, and a byte that is not becomes a lone surrogate, U+DC80 to U+DCFF, as in <a
 * href="https://peps.python.org/pep-0383/">Python</a>.
 */
public final class FileNames {

  private static final boolean BYTES = File.separatorChar == '/';
  private static final int ESCAPE = 0xDC00;

  private FileNames() {}

  /** Returns the last element of a path. */
  public static String of(Path path) {
    Path last = path.getFileName();
    String text = last == null ? "" : last.toString();
    if (!BYTES || isAscii(text)) {
      return text;
    }
    String raw = last.toUri().getRawPath();
    String whole = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    return decode(percentDecoded(whole.substring(whole.lastIndexOf('/') + 1)));
  }

  /**
   * Returns the path that a text names.
   *
   * @throws java.nio.file.InvalidPathException if it cannot be a path, as with a NUL in it
   */
  public static Path path(String text) {
    return resolve(Path.of(""), text);
  }

  /**
   * Returns the path that a text names in a folder, or by itself if it is absolute.
   *
   * @throws java.nio.file.InvalidPathException if it cannot be a path, as with a NUL in it
   */
  public static Path resolve(Path folder, String text) {
    if (!BYTES || isAscii(text)) {
      return folder.resolve(text);
    }
    String base = text.startsWith("/") ? "/" : folder.toUri().getRawPath();
    String encoded = percentEncoded(encode(text));
    Path whole = absolute(base + (base.endsWith("/") ? "" : "/") + encoded, text);
    boolean relative = !text.startsWith("/") && !folder.isAbsolute();
    return relative ? Path.of("").toAbsolutePath().relativize(whole) : whole;
  }

  private static Path absolute(String percentEncoded, String text) {
    try {
      return Path.of(URI.create("file://" + percentEncoded));
    } catch (IllegalArgumentException e) { // as with a NUL
      throw new InvalidPathException(text, String.valueOf(e.getMessage()));
    }
  }

  /** Decodes a name's bytes. */
  public static String decode(byte[] name) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(name);
    CharBuffer out = CharBuffer.allocate(name.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE + (in.get() & 0xFF)));
      }
    }
  }

  /** Returns the bytes that {@link #decode} has made the text of. */
  public static byte[] encode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    text.codePoints()
        .forEach(c -> {
          if (isEscapedByte(c)) {
            bytes.write(c - ESCAPE);
          } else {
            bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
          }
        });
    return bytes.toByteArray();
  }

  private static boolean isEscapedByte(int codePoint) {
    return codePoint >= ESCAPE + 0x80 && codePoint <= ESCAPE + 0xFF;
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static byte[] percentDecoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  private static String percentEncoded(byte[] name) {
    StringBuilder text = new StringBuilder();
    for (byte b : name) {
      if (b == '/' || (b > 0 && Character.isLetterOrDigit(b))) {
        text.append((char) b);
      } else {
        text.append("%%%02X".formatted(b & 0xFF));
      }
    }
    return text.toString();
  }
}
