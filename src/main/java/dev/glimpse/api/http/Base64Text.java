package dev.glimpse.api.http;

import dev.glimpse.failure.ServingException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decodes base64 as clients write it: with the standard or the URL-safe alphabet, padded or not,
 * with line breaks, or as a {@code data:} URL.
 */
public final class Base64Text {

  private static final String DATA_URL = "data:";
  private static final String DATA_URL_BASE64 = ";base64";
  private static final int BLANK = -1;
  private static final int PADDING = -2;
  private static final int INVALID = -3;
  private static final int[] VALUES = values();

  private Base64Text() {}

  /**
   * Returns the decoded bytes.
   *
   * @param field where the text is in the request, for the message
   * @throws ServingException INVALID_PARAMETER if the text is not valid base64
   */
  public static byte[] decode(String text, String field) {
    return decode(text).orElseThrow(() -> ServingException.invalid(field, "is not valid base64"));
  }

  /** Returns the decoded bytes; empty if the text is not valid base64. Takes linear time. */
  public static Optional<byte[]> decode(String text) {
    int begin = begin(text);
    int digits = begin < 0 ? -1 : digits(text, begin);
    if (digits < 0) {
      return Optional.empty();
    }
    byte[] bytes = new byte[(int) (digits * 3L / 4)];
    int bits = 0;
    int buffered = 0;
    for (int i = begin, to = 0; to < bytes.length; i++) {
      int value = VALUES[text.charAt(i)];
      if (value >= 0) {
        bits = (bits << 6) | value;
        buffered += 6;
        if (buffered >= 8) {
          buffered -= 8;
          bytes[to++] = (byte) (bits >> buffered);
        }
      }
    }
    return Optional.of(bytes);
  }

  /** Returns where the base64 begins: behind the head of a data URL; −1 if that has none. */
  private static int begin(String text) {
    if (!text.regionMatches(true, 0, DATA_URL, 0, DATA_URL.length())) {
      return 0;
    }
    int comma = text.indexOf(',');
    int marker = comma - DATA_URL_BASE64.length();
    boolean base64 =
        comma >= 0 && text.regionMatches(true, marker, DATA_URL_BASE64, 0, comma - marker);
    return base64 ? comma + 1 : -1;
  }

  /** Counts the digits; −1 if there is anything else but blanks, or if the padding is wrong. */
  private static int digits(String text, int begin) {
    int digits = 0;
    int padding = 0;
    for (int i = begin; i < text.length(); i++) {
      char c = text.charAt(i);
      int value = c < VALUES.length ? VALUES[c] : INVALID;
      if (value == INVALID || (value >= 0 && padding > 0)) {
        return -1;
      }
      digits += value >= 0 ? 1 : 0;
      padding += value == PADDING ? 1 : 0;
    }
    int rest = digits % 4;
    return rest != 1 && (padding == 0 || (rest > 0 && padding + rest == 4)) ? digits : -1;
  }

  private static int[] values() {
    int[] values = new int[128];
    Arrays.fill(values, INVALID);
    String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < digits.length(); i++) {
      values[digits.charAt(i)] = i;
    }
    values['-'] = 62;
    values['_'] = 63;
    values['='] = PADDING;
    for (char blank : " \t\r\n".toCharArray()) {
      values[blank] = BLANK;
    }
    return values;
  }
}
