package dev.glimpse.api.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads JSON token by token, and refuses a value of the wrong type by its field's name. */
public final class JsonFields {

  /** The most dimensions that ONNX Runtime's Java classes accept. */
  public static final int MAX_RANK = 8;

  private JsonFields() {}

  /** Reads a field's value, or skips it. */
  @FunctionalInterface
  public interface Field {
    void read(JsonParser json, String name) throws IOException;
  }

  /** Reads an element. */
  @FunctionalInterface
  public interface Element {
    void read(JsonParser json) throws IOException;
  }

  /**
   * Reads every field of the object whose start the parser is at; null counts as left out.
   *
   * @param object where in the body it is, for messages
   */
  public static void each(JsonParser json, String object, Field field) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw ServingException.invalid(object, "must be an object");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        continue; // as if left out
      }
      field.read(json, name);
    }
  }

  /** Skips a value token by token, so that {@link FewNames} sees what is in it. */
  public static void skip(JsonParser json) throws IOException {
    int depth = 0;
    JsonToken token = json.currentToken();
    while (true) {
      if (token == null) {
        return;
      } else if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      }
      if (depth <= 0) {
        return;
      }
      token = json.nextToken();
    }
  }

  /** Reads every element of the array whose start the parser is at. */
  public static void array(JsonParser json, String name, Element element) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw ServingException.invalid(name, "must be an array");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      element.read(json);
    }
  }

  /** Reads a string. */
  public static String text(JsonParser json, String name) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw ServingException.invalid(name, "must be a string");
    }
    return json.getText();
  }

  /** Reads a boolean. */
  public static boolean bool(JsonParser json, String name) {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw ServingException.invalid(name, "must be true or false");
    };
  }

  /** Reads a whole number from 0 to {@link Integer#MAX_VALUE}. */
  public static int count(JsonParser json, String name) throws IOException {
    return count(json, name, 0);
  }

  /** Reads a whole number from a least one to {@link Integer#MAX_VALUE}. */
  public static int count(JsonParser json, String name, int least) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() == JsonParser.NumberType.INT
        && json.getIntValue() >= least) {
      return json.getIntValue();
    }
    throw ServingException.invalid(name, "must be a whole number from %d up".formatted(least));
  }

  /** Reads a tensor's dimensions. */
  public static List<Long> shape(JsonParser json, String name) throws IOException {
    List<Long> shape = new ArrayList<>();
    array(
        json,
        name,
        element -> {
          if (shape.size() == MAX_RANK) {
            throw ServingException.invalid(
                name, "must have at most %d dimensions".formatted(MAX_RANK));
          }
          shape.add((long) count(element, name));
        });
    return shape;
  }
}
