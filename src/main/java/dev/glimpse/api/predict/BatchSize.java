package dev.glimpse.api.predict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Counts the images of a batch in JSON before objects are made of them, which would take many times
 * the body's memory if it held millions of {@code {}}.
 */
final class BatchSize {

  private BatchSize() {}

  /** Returns the number of elements of the array {@code images}; 0 if there is no such array. */
  static int of(JsonFactory factory, byte[] body) {
    try (JsonParser json = factory.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return 0;
      }
      int most = 0; // of several arrays of this name, the longest
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (json.nextToken() == JsonToken.START_ARRAY && name.equals("images")) {
          most = Math.max(most, elements(json));
        } else {
          json.skipChildren();
        }
      }
      return most;
    } catch (IOException e) {
      return 0; // the reader of the body reports it
    }
  }

  private static int elements(JsonParser json) throws IOException {
    int count = 0;
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY && token != null;
        token = json.nextToken()) {
      json.skipChildren();
      count++;
    }
    return count;
  }
}
