package dev.glimpse.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MasksTest {

  private static final int WIDTH = 56;
  private static final int HEIGHT = 42;

  @Test
  void randomMasksAreTheSameEachTime() {
    float[] first = mask(new RandomMasks(WIDTH, HEIGHT), 7);

    assertThat(mask(new RandomMasks(WIDTH, HEIGHT), 7)).isEqualTo(first);
    assertThat(mask(new RandomMasks(WIDTH, HEIGHT), 8)).isNotEqualTo(first);
  }

  @Test
  void randomMasksKeepHalf() {
    RandomMasks masks = new RandomMasks(WIDTH, HEIGHT);
    double sum = 0;
    for (int i = 0; i < masks.count(); i++) {
      for (float kept : mask(masks, i)) {
        assertThat(kept).isBetween(0f, 1f);
        sum += kept;
      }
    }

    assertThat(sum / masks.count() / WIDTH / HEIGHT).isCloseTo(0.5, within(0.02));
  }

  @Test
  void theLeastSlidingMasksCoverTheImage() {
    SlidingMasks masks = new SlidingMasks(WIDTH, HEIGHT);
    boolean[] hidden = new boolean[WIDTH * HEIGHT];
    for (int i = 0; i < masks.least(); i++) {
      float[] kept = mask(masks, i);
      for (int k = 0; k < kept.length; k++) {
        hidden[k] |= kept[k] == 0;
      }
    }

    assertThat(hidden).doesNotContain(false);
  }

  /** A score that depends on one pixel only: the map has to show where it is. */
  @Test
  void bothFindThePixelThatMatters() {
    for (Masks masks :
        new Masks[] {new RandomMasks(WIDTH, HEIGHT), new SlidingMasks(WIDTH, HEIGHT)}) {
      float[] kept = new float[WIDTH * HEIGHT];
      for (int i = 0; i < masks.count(); i++) {
        masks.fill(i, kept);
        masks.add(kept, kept[30 * WIDTH + 10], 1);
      }
      ClassMap map = masks.map();
      int hottest = 0;
      for (int i = 1; i < map.values().length; i++) {
        hottest = map.values()[i] > map.values()[hottest] ? i : hottest;
      }
      double x = (hottest % map.width() + 0.5) / map.width();
      double y = (hottest / map.width() + 0.5) / map.height();
      assertThat(x).as(masks.getClass().getSimpleName()).isCloseTo(10.5 / WIDTH, within(0.11));
      assertThat(y).as(masks.getClass().getSimpleName()).isCloseTo(30.5 / HEIGHT, within(0.11));
    }
  }

  /** Smaller than a square of the grid. */
  @Test
  void tinyImagesAreHidden() {
    for (Masks masks : new Masks[] {new RandomMasks(1, 1), new SlidingMasks(1, 1)}) {
      float[] kept = new float[1];
      for (int i = 0; i < masks.count(); i++) {
        masks.fill(i, kept);
        masks.add(kept, 0.5, 1);
      }
      assertThat(Arrays.asList(masks.map().width(), masks.map().height())).doesNotContain(0);
      for (float value : masks.map().values()) {
        assertThat(value).isFinite();
      }
    }
  }

  private static float[] mask(Masks masks, int index) {
    float[] kept = new float[WIDTH * HEIGHT];
    masks.fill(index, kept);
    return kept;
  }
}
