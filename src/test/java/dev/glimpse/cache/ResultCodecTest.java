package dev.glimpse.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.postprocess.ClassGroups.Group;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.GroupScore;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.postprocess.Uncertainty;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResultCodecTest {

  private static final byte[] KEY = {1, 2, 3};
  private static final List<String> NAMES = List.of("cat", "dog", "fox");
  private static final ResultLabels TWO = new ResultLabels(2, NAMES, NAMES, List.of());
  private static final List<Classification> BEST =
      List.of(new Classification("fox", 0.75f, 2), new Classification("cat", 0.1f, 0));
  private static final RankedClasses RESULT = RankedClasses.of(BEST);

  @Test
  void aResultIsReadAsItWasWritten() {
    byte[] value = ResultCodec.encode(KEY, RESULT);

    assertThat(value).hasSize(2 + 2 * 8 + 4);
    assertThat(ResultCodec.decode(KEY, value, TWO)).contains(RESULT);
    assertThat(
            ResultCodec.decode(
                KEY,
                value,
                new ResultLabels(2, List.of("Katze", "Hund", "Fuchs"), NAMES, List.of())))
        .contains(
            RankedClasses.of(
                List.of(
                    new Classification("Fuchs", "fox", 0.75f, 2),
                    new Classification("Katze", "cat", 0.1f, 0))));
  }

  @Test
  void aResultKeepsItsReasonAndItsGroups() {
    List<Group> groups = List.of(new Group("pet", List.of(0, 1)), new Group("wild", List.of(2)));
    ResultLabels labels = new ResultLabels(2, NAMES, NAMES, groups);
    for (Uncertainty reason : Uncertainty.values()) {
      RankedClasses result =
          new RankedClasses(
              BEST,
              Optional.of(reason),
              List.of(new GroupScore("wild", 0.75f, 1), new GroupScore("pet", 0.25f, 0)));
      byte[] value = ResultCodec.encode(KEY, result);

      assertThat(ResultCodec.decode(KEY, value, labels)).contains(result);
      assertThat(ResultCodec.decode(KEY, value, TWO)).as("without groups").isEmpty();
    }
  }

  @Test
  void whatIsNotWhollyAResultForTheKeyIsNone() {
    byte[] value = ResultCodec.encode(KEY, RESULT);
    assertThat(ResultCodec.decode(new byte[] {1, 2, 4}, value, TWO)).isEmpty();
    for (int length = 0; length < value.length; length++) {
      assertThat(ResultCodec.decode(KEY, java.util.Arrays.copyOf(value, length), TWO)).isEmpty();
    }
    assertThat(ResultCodec.decode(KEY, java.util.Arrays.copyOf(value, value.length + 8), TWO))
        .isEmpty();
    for (int bit = 0; bit < value.length * 8; bit++) {
      byte[] changed = value.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(ResultCodec.decode(KEY, changed, TWO)).as("bit %d", bit).isEmpty();
    }
    assertThat(ResultCodec.decode(KEY, value, new ResultLabels(3, NAMES, NAMES, List.of())))
        .as("of another number of classes")
        .isEmpty();
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      assertThat(ResultCodec.decode(KEY, noise, TWO)).isEmpty();
    }
  }

  @Test
  void classesOfAnotherModelAndScoresOutOfOrderAreNone() {
    for (List<Classification> wrong :
        List.of(
            List.of(new Classification("eel", 0.75f, 3), BEST.get(1)),
            List.of(new Classification("eel", 0.75f, -1), BEST.get(1)),
            List.of(BEST.get(1), BEST.get(0)),
            List.of(new Classification("fox", Float.NaN, 2), BEST.get(1)))) {
      assertThat(ResultCodec.decode(KEY, ResultCodec.encode(KEY, RankedClasses.of(wrong)), TWO))
          .isEmpty();
    }
  }
}
