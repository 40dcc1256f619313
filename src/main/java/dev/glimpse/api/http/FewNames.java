package dev.glimpse.api.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Refuses a body with more different member names than any request needs: Jackson keeps each of
 * them while it parses, which takes ten times the body.
 */
public final class FewNames extends JsonParserDelegate {

  private static final int MAX_NAMES = 10_000;

  private final Set<String> names = new HashSet<>();

  public FewNames(JsonParser json) {
    super(json);
  }

  /**
   * Reads the next token.
   *
   * @throws ServingException MALFORMED_REQUEST if there have been too many names
   */
  @Override
  public JsonToken nextToken() throws IOException {
    JsonToken token = delegate.nextToken();
    if (token == JsonToken.FIELD_NAME
        && names.add(delegate.currentName())
        && names.size() > MAX_NAMES) {
      throw new ServingException(
          Failure.MALFORMED_REQUEST,
          "The body's JSON has more than %d different names.".formatted(MAX_NAMES));
    }
    return token;
  }
}
