package dev.glimpse.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.glimpse.image.ImageFacts;
import dev.glimpse.postprocess.Classification;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;

/** Writes the data of events, as JSON. Holds no pixels, names of files, addresses or keys. */
final class EventData {

  private static final JsonFactory JSON = new JsonFactory();

  private EventData() {}

  /** Returns the data of an event. */
  static String of(EventType type, LoggedPrediction prediction) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      switch (type) {
        case PREDICTION -> writePrediction(prediction, json);
        case REQUEST -> writeRequest(prediction, json);
        case RESPONSE -> writeResponse(prediction, json);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter throws none
    }
    return text.toString();
  }

  /** Writes the fields of docs/prediction.schema.json. */
  private static void writePrediction(LoggedPrediction prediction, JsonGenerator json)
      throws IOException {
    json.writeStringField("time", prediction.time().toString());
    json.writeStringField("request_id", prediction.requestId());
    json.writeNumberField("position", prediction.position());
    json.writeStringField("protocol", prediction.protocol());
    json.writeStringField("model", prediction.model());
    json.writeStringField("version", Integer.toString(prediction.version()));
    json.writeArrayFieldStart("predictions");
    for (Classification known : prediction.classes()) {
      json.writeStartObject();
      writeClass(known, json);
      json.writeNumberField("index", known.index());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (prediction.uncertainty().isPresent()) {
      json.writeBooleanField("uncertain", true);
      json.writeStringField("uncertain_reason", prediction.uncertainty().get().code());
    }
    write("entropy", prediction.entropy(), json);
    write("margin", prediction.margin(), json);
    if (prediction.image().isPresent()) {
      writeImage("image_", prediction.image().get(), json);
    }
    json.writeBooleanField("cached", prediction.cached());
    writeMillis("queue_ms", prediction.timing().queue(), json);
    writeMillis("decode_ms", prediction.timing().decode(), json);
    writeMillis("preprocess_ms", prediction.timing().preprocess(), json);
    writeMillis("inference_ms", prediction.timing().inference(), json);
    writeMillis("total_ms", prediction.timing().total(), json);
  }

  /** Writes what an image is like in place of the image. */
  private static void writeRequest(LoggedPrediction prediction, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart("instances");
    json.writeStartObject();
    if (prediction.image().isPresent()) {
      writeImage("", prediction.image().get(), json);
    }
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void writeResponse(LoggedPrediction prediction, JsonGenerator json)
      throws IOException {
    json.writeStringField("model_name", prediction.model());
    json.writeStringField("model_version", Integer.toString(prediction.version()));
    json.writeArrayFieldStart("predictions");
    json.writeStartArray();
    for (Classification known : prediction.classes()) {
      json.writeStartObject();
      writeClass(known, json);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndArray();
  }

  private static void writeClass(Classification known, JsonGenerator json) throws IOException {
    String own = known.name() == null ? known.label() : known.name();
    json.writeStringField("label", own); // whatever language was asked for
    json.writeNumberField("score", known.score());
  }

  private static void writeImage(String prefix, ImageFacts image, JsonGenerator json)
      throws IOException {
    json.writeStringField(prefix + "format", image.format());
    json.writeNumberField(prefix + "width", image.width());
    json.writeNumberField(prefix + "height", image.height());
    json.writeNumberField(prefix + "bytes", image.bytes());
    write(prefix + "brightness", image.brightness(), json);
  }

  private static void write(String name, OptionalDouble value, JsonGenerator json)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, Math.round(value.getAsDouble() * 1e6) / 1e6);
    }
  }

  /** To a thousandth, as responses have it. */
  private static void writeMillis(String name, long nanos, JsonGenerator json) throws IOException {
    json.writeNumberField(name, Math.round(nanos / 1e3) / 1e3);
  }
}
