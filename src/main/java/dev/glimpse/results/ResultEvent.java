package dev.glimpse.results;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes results as events of CloudEvents 1.0 in the JSON format, and signs them as <a
 * href="https://www.standardwebhooks.com/">Standard Webhooks</a> says. The event's id is the job's,
 * and stays the same however often it is sent.
 */
final class ResultEvent {

  static final String TYPE = "dev.glimpse.result";
  static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

  private static final String HMAC = "HmacSHA256";
  private static final String BASE64_PREFIX = "whsec_";
  private static final int LEAST_BYTES = 16;
  private static final JsonFactory JSON = new JsonFactory();

  private final String source;
  private final SecretKeySpec key;

  /**
   * Prepares to sign.
   *
   * @param source the attribute of all events
   * @param secret its UTF-8 bytes are the key, or, after {@code whsec_}, the bytes that it holds in
   *     base64
   * @throws ConfigurationException if that is not base64, or fewer than 16 bytes
   */
  ResultEvent(String source, String secret) {
    this.source = source;
    this.key = new SecretKeySpec(key(secret), HMAC);
  }

  private static byte[] key(String secret) {
    if (!secret.startsWith(BASE64_PREFIX)) {
      return secret.getBytes(StandardCharsets.UTF_8);
    }
    try {
      byte[] key = Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()));
      if (key.length < LEAST_BYTES) {
        throw new ConfigurationException(
            "glimpse.results.callback.secret holds %d bytes in base64; give it %d or more."
                .formatted(key.length, LEAST_BYTES));
      }
      return key;
    } catch (IllegalArgumentException e) { // whose message would repeat it
      throw new ConfigurationException(
          "glimpse.results.callback.secret begins with whsec_, and what follows is not base64;"
              + " correct it, or leave whsec_ out.");
    }
  }

  /** Returns the event of a finished job. */
  byte[] body(Job job, StoredResponse answer) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("specversion", "1.0");
      json.writeStringField("id", job.id());
      json.writeStringField("source", source);
      json.writeStringField("type", TYPE);
      json.writeStringField("subject", "/results/" + job.id());
      json.writeStringField("requestid", job.requestId());
      json.writeNumberField("status", answer.status());
      json.writeStringField("datacontenttype", answer.contentType());
      json.writeFieldName("data");
      json.writeRawValue(new String(answer.body(), StandardCharsets.UTF_8));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array of bytes throws none
    }
    return text.toByteArray();
  }

  /**
   * Returns the headers of a body.
   *
   * @param seconds when it is sent, since 1970
   */
  Map<String, String> headers(Job job, byte[] body, long seconds) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", CONTENT_TYPE);
    headers.put("webhook-id", job.id());
    headers.put("webhook-timestamp", Long.toString(seconds));
    headers.put("webhook-signature", "v1," + signature(job.id(), seconds, body));
    return headers;
  }

  private String signature(String id, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + HMAC, e);
    }
  }
}
