package dev.glimpse.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.SpecVersion;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The SDK of CloudEvents reads what is written. */
class EventFormatTest {

  private static final String ODD = "größe \"100 %\" 花";

  private final CloudEvent event =
      TestEvents.attributes(
              Map.of("glimpse.events.source", "/shop", "glimpse.events.extensions", "team=" + ODD))
          .event(EventType.PREDICTION, TestEvents.prediction("1"));

  @Test
  void aLineOfJsonIsAnEvent() throws Exception {
    String line = EventFormat.json(event);

    assertThat(line).doesNotContain("\n").startsWith(EventFormat.BEGINNING);
    check(new JsonFormat().deserialize(line.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void headersAndABodyAreAnEvent() throws Exception {
    // The SDK leaves the decoding of headers, which the HTTP binding asks for, to its caller.
    Map<String, String> headers = new HashMap<>(EventFormat.headers(event));
    headers.replaceAll((name, value) -> URLDecoder.decode(value, StandardCharsets.UTF_8));

    check(
        HttpMessageFactory.createReader(headers, event.data().getBytes(StandardCharsets.UTF_8))
            .toEvent());
  }

  @Test
  void headersHoldVisibleAsciiOnly() {
    assertThat(EventFormat.headers(event).values())
        .allSatisfy(value -> assertThat(value).matches("[\\x21-\\x7e]+"));
  }

  @Test
  void anArrayHoldsEvents() throws Exception {
    JsonNode batch =
        EventReceiver.JSON.readTree(EventFormat.batch(List.of(event, TestEvents.event("2"))));

    assertThat(batch).hasSize(2);
    check(new JsonFormat().deserialize(EventReceiver.JSON.writeValueAsBytes(batch.get(0))));
  }

  private static void check(io.cloudevents.CloudEvent read) throws Exception {
    assertThat(read.getSpecVersion()).isEqualTo(SpecVersion.V1);
    assertThat(read.getId()).isEqualTo("1");
    assertThat(read.getSource()).hasToString("/shop");
    assertThat(read.getType()).isEqualTo("dev.glimpse.prediction");
    assertThat(read.getSubject()).isEqualTo("flowers");
    assertThat(read.getTime()).isEqualTo(OffsetDateTime.parse("2026-11-30T10:15:30.250Z"));
    assertThat(read.getDataContentType()).isEqualTo("application/json");
    assertThat(read.getDataSchema()).hasToString("urn:glimpse:prediction:1");
    assertThat(read.getExtension("requestid")).isEqualTo("request-7");
    assertThat(read.getExtension("traceparent"))
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assertThat(read.getExtension("tracestate")).isEqualTo("a=1,b=2");
    assertThat(read.getExtension("team")).isEqualTo(ODD);
    JsonNode data = EventReceiver.data(read);
    assertThat(data.get("model").textValue()).isEqualTo("flowers");
    assertThat(data.get("predictions")).hasSize(2);
  }
}
