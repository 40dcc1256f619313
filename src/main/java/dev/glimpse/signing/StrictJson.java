package dev.glimpse.signing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/**
 * Reads JSON of which no two readers may understand different things: a name that comes twice, or
 * text after the end, is an error.
 */
final class StrictJson {

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** What is read, for messages. */
  private final String what;

  private final JsonNode root;

  private StrictJson(String what, JsonNode root) {
    this.what = what;
    this.root = root;
  }

  /**
   * Reads an object.
   *
   * @param what names it in messages
   * @throws InvalidSignatureException if it is none
   */
  static StrictJson object(String what, byte[] text) {
    try {
      JsonNode root = MAPPER.readTree(text);
      if (root != null && root.isObject()) {
        return new StrictJson(what, root);
      }
    } catch (IOException e) {
      throw new InvalidSignatureException(
          what + " is not valid JSON" + InvalidSignatureException.SIGN_AGAIN, e);
    }
    throw new InvalidSignatureException(
        what + " is not a JSON object" + InvalidSignatureException.SIGN_AGAIN);
  }

  /** Returns the value at a JSON pointer, if there is one. */
  Optional<JsonNode> find(String pointer) {
    JsonNode node = root.at(pointer);
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  /** Returns the list at a JSON pointer; fails unless it has an element at least. */
  JsonNode list(String pointer) {
    return find(pointer)
        .filter(JsonNode::isArray)
        .filter(list -> !list.isEmpty())
        .orElseThrow(() -> wrong(pointer));
  }

  /** Returns the text at a JSON pointer. */
  String text(String pointer) {
    return find(pointer)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .orElseThrow(() -> wrong(pointer));
  }

  /** Returns the bytes that are written in Base64 at a JSON pointer. */
  byte[] bytes(String pointer) {
    try {
      return Base64.getDecoder().decode(text(pointer));
    } catch (IllegalArgumentException e) {
      throw wrong(pointer);
    }
  }

  /** Returns the flag at a JSON pointer. */
  boolean flag(String pointer) {
    return find(pointer)
        .filter(JsonNode::isBoolean)
        .map(JsonNode::booleanValue)
        .orElseThrow(() -> wrong(pointer));
  }

  InvalidSignatureException wrong(String pointer) {
    return new InvalidSignatureException(
        "%s has no valid %s%s"
            .formatted(
                what,
                pointer.substring(1).replace('/', '.'),
                InvalidSignatureException.SIGN_AGAIN));
  }
}
