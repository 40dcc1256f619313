package dev.glimpse.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ActivationTest {

  @Test
  void softmaxOfEqualScoresIsUniform() {
    assertThat(Activation.SOFTMAX.apply(new float[] {3, 3, 3, 3}))
        .containsExactly(0.25f, 0.25f, 0.25f, 0.25f);
  }

  @Test
  void softmaxOfKnownScores() {
    // e^0 : e^1 : e^2
    assertThat(Activation.SOFTMAX.apply(new float[] {0, 1, 2}))
        .containsExactly(new float[] {0.09003057f, 0.24472847f, 0.66524096f}, within(1e-6f));
  }

  @Test
  void softmaxOfLargeScoresDoesNotOverflow() {
    assertThat(Activation.SOFTMAX.apply(new float[] {-100, 5})).containsExactly(0f, 1f);
    assertThat(Activation.SOFTMAX.apply(new float[] {1e30f, 1e30f})).containsExactly(0.5f, 0.5f);
    assertThat(Activation.SOFTMAX.apply(new float[] {-1000, -1000})).containsExactly(0.5f, 0.5f);
  }

  @Test
  void softmaxOfOneScoreIsOne() {
    assertThat(Activation.SOFTMAX.apply(new float[] {-7})).containsExactly(1f);
  }

  @Test
  void sigmoidIsIndependentForEachClass() {
    assertThat(Activation.SIGMOID.apply(new float[] {0, 100, -100, 1}))
        .containsExactly(new float[] {0.5f, 1, 0, 0.7310586f}, within(1e-6f));
  }

  @Test
  void noneKeepsProbabilities() {
    float[] probabilities = {0.1f, 0.9f};
    assertThat(Activation.NONE.apply(probabilities)).containsExactly(0.1f, 0.9f);
  }
}
