package dev.glimpse.api.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.glimpse.failure.Causes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a body that should be JSON. */
public final class MalformedJson {

  private static final String LIMITS =
      "The body's JSON exceeds a limit: arrays and objects may be nested 1000 deep, a name may"
          + " have 1024 characters, and a number 1000 digits.";

  private MalformedJson() {}

  /**
   * Returns the failure of a body that cannot be parsed.
   *
   * @param what is wrong, a sentence without its full stop; the place is added where it is known
   * @param cause what the parser threw; null if the JSON is sound, and of another form
   */
  public static ServingException of(String what, @Nullable IOException cause) {
    if (cause != null && Causes.of(cause).anyMatch(StreamConstraintsException.class::isInstance)) {
      return new ServingException(Failure.MALFORMED_REQUEST, LIMITS, cause);
    }
    JsonLocation location =
        cause instanceof JsonProcessingException broken ? broken.getLocation() : null;
    String where =
        location == null
            ? ""
            : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    return new ServingException(Failure.MALFORMED_REQUEST, what + where + ".", cause);
  }
}
