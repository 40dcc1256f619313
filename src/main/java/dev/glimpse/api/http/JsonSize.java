package dev.glimpse.api.http;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.ServingException;
import java.nio.ByteBuffer;

/** Bounds the JSON that is parsed, which takes several times its size on the heap. */
final class JsonSize {

  private JsonSize() {}

  /**
   * Refuses a larger body that begins as JSON does, whatever its content type says, as clients send
   * any.
   *
   * @param most in bytes
   * @throws ServingException TOO_LARGE
   */
  static void requireAtMost(long most, Bytes body) {
    if (body.length() > most && beginsAsJson(body)) {
      throw BodyFailures.tooMuchJson(most);
    }
  }

  /** Returns whether an object or an array comes first. */
  static boolean beginsAsJson(Bytes body) {
    try (Bytes.Reading reading = body.read()) {
      ByteBuffer bytes = reading.buffer();
      int at = 0;
      while (at < bytes.limit() && mayPrecede(bytes.get(at) & 0xFF)) {
        at++;
      }
      return at < bytes.limit() && (bytes.get(at) == '{' || bytes.get(at) == '[');
    }
  }

  /** Returns whether it is white space, or part of a byte order mark. */
  private static boolean mayPrecede(int first) {
    return first <= ' ' || first == 0xEF || first == 0xBB || first == 0xBF || first >= 0xFE;
  }
}
