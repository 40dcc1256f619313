package dev.glimpse.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.postprocess.Classification;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class EventDataTest {

  private final LoggedPrediction prediction = TestEvents.prediction("1");

  @Test
  void anEventOfOursHoldsWhatIsKnown() throws Exception {
    String data = EventData.of(EventType.PREDICTION, prediction);

    assertThat(data)
        .isEqualTo(
            ("{'time':'2026-11-30T10:15:30.250Z','request_id':'request-7','position':0,"
                    + "'protocol':'predict','model':'flowers','version':'3','predictions':["
                    + "{'label':'daisy','score':0.75,'index':0},"
                    + "{'label':'rose','score':0.25,'index':2}],"
                    + "'uncertain':true,'uncertain_reason':'low_score',"
                    + "'entropy':0.562335,'margin':0.5,"
                    + "'image_format':'JPEG','image_width':640,'image_height':480,"
                    + "'image_bytes':20480,'image_brightness':0.5,'cached':false,"
                    + "'queue_ms':0.05,'decode_ms':1.2,'preprocess_ms':0.4,'inference_ms':3.9,"
                    + "'total_ms':5.7}")
                .replace('\'', '"'));
    assertThat(PredictionSchema.faults(data)).isEmpty();
  }

  @Test
  void whatIsNotKnownIsLeftOut() throws Exception {
    String data = EventData.of(EventType.PREDICTION, cached());

    assertThat(data)
        .doesNotContain("uncertain", "entropy", "margin", "image")
        .contains("\"cached\":true");
    assertThat(PredictionSchema.faults(data)).isEmpty();
  }

  @Test
  void kservesRequestHoldsWhatTheImageIsLike() {
    assertThat(EventData.of(EventType.REQUEST, prediction))
        .isEqualTo(
            "{\"instances\":[{\"format\":\"JPEG\",\"width\":640,\"height\":480,\"bytes\":20480,\"brightness\":0.5}]}");
    assertThat(EventData.of(EventType.REQUEST, cached())).isEqualTo("{\"instances\":[{}]}");
  }

  @Test
  void kservesResponseHoldsTheClasses() {
    assertThat(EventData.of(EventType.RESPONSE, prediction))
        .isEqualTo(
            "{\"model_name\":\"flowers\",\"model_version\":\"3\",\"predictions\":[[{\"label\":\"daisy\",\"score\":0.75},{\"label\":\"rose\",\"score\":0.25}]]}");
  }

  @Test
  void theSchemaRefusesWhatIsNotListed() throws Exception {
    assertThat(
            PredictionSchema.faults(
                EventData.of(EventType.PREDICTION, prediction)
                    .replace("\"position\"", "\"pixels\"")))
        .hasSize(2);
  }

  private LoggedPrediction cached() {
    return new LoggedPrediction(
        "1",
        prediction.time(),
        "request-7",
        0,
        Optional.empty(),
        "predict",
        "flowers",
        3,
        List.of(new Classification("rose", 0.25f, 2)),
        Optional.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        TestEvents.TIMING,
        true);
  }
}
