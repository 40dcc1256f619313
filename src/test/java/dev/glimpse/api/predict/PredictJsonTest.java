package dev.glimpse.api.predict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.metrics.Timing;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.GroupScore;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.postprocess.Uncertainty;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PredictJsonTest {

  private static final List<Classification> BEST = List.of(new Classification("pug", 0.5f, 7));

  private final ObjectMapper mapper = new ObjectMapper();

  @BeforeEach
  void customize() {
    new PredictJson().customize(mapper);
  }

  private String written(RankedClasses answer) throws Exception {
    return mapper.writeValueAsString(
        PredictResponse.of(
            "1", new ClassificationResult("m", 2, answer, new Timing(0, 0, 0, 0, 0), false)));
  }

  @Test
  void reasonAndGroupsComeBehindTheClasses() throws Exception {
    RankedClasses answer =
        new RankedClasses(
            BEST,
            Optional.of(Uncertainty.BELOW_CLASS_THRESHOLD),
            List.of(new GroupScore("dog", 0.75f, 1)));

    assertThat(written(answer))
        .startsWith(
            """
            {"id":"1","model":"m","version":"2","predictions":[{"label":"pug","score":0.5,"index":7}],\
            "uncertain":true,"uncertain_reason":"below_class_threshold",\
            "groups":[{"label":"dog","score":0.75}],"timing":{\
            """);
  }

  @Test
  void withoutThemNothingIsWritten() throws Exception {
    assertThat(written(RankedClasses.of(BEST))).doesNotContain("uncertain", "groups");
  }
}
