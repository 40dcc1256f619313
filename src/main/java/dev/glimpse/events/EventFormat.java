package dev.glimpse.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes events in the JSON format and as the HTTP headers of CloudEvents 1.0. */
final class EventFormat {

  static final String STRUCTURED = "application/cloudevents+json; charset=utf-8";
  static final String BATCH = "application/cloudevents-batch+json; charset=utf-8";

  /** What each event begins with, as {@code specversion} is its first attribute. */
  static final String BEGINNING = "{\"specversion\"";

  private static final JsonFactory JSON = new JsonFactory();

  private EventFormat() {}

  /** Returns an event as a line of JSON, without a line break. */
  static String json(CloudEvent event) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, String> attribute : event.attributes().entrySet()) {
        json.writeStringField(attribute.getKey(), attribute.getValue());
      }
      json.writeStringField("datacontenttype", CloudEvent.DATA_TYPE);
      json.writeFieldName("data");
      json.writeRawValue(event.data());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter throws none
    }
    return text.toString();
  }

  /** Returns events as an array of JSON. */
  static String batch(List<CloudEvent> events) {
    return events.stream().map(EventFormat::json).collect(Collectors.joining(",", "[", "]"));
  }

  /** Returns the headers of an event whose data is the body. */
  static Map<String, String> headers(CloudEvent event) {
    Map<String, String> headers = new LinkedHashMap<>();
    event.attributes().forEach((name, value) -> headers.put("ce-" + name, headerValue(value)));
    headers.put("Content-Type", CloudEvent.DATA_TYPE);
    return headers;
  }

  /** Encodes the bytes of UTF-8 that a header cannot hold, as the HTTP binding says. */
  private static String headerValue(String text) {
    StringBuilder value = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7F && b != '"' && b != '%') {
        value.append((char) b);
      } else {
        value.append("%%%02X".formatted(b & 0xFF));
      }
    }
    return value.toString();
  }
}
