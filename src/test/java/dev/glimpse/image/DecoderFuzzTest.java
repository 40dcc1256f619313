package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.image.png.PngParts;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Mutates real images in thousands of ways: each gives pixels or a refusal, within the limits of
 * time and memory.
 *
 * <p>{@code -Dfuzz.cases=200000} runs more cases, {@code -Dfuzz.seed=7} others, and {@code
 * -Dfuzz.case=123}, with the seed of the message, a single one.
 */
class DecoderFuzzTest {

  private static final long MAX_PIXELS = 4_000_000;
  private static final long MAX_MILLIS = 2000;

  /** A few copies of the largest image at up to 8 bytes per pixel, and of the file. */
  private static final long MAX_ALLOCATED = 40 * MAX_PIXELS;

  private static final int MAX_SEED_BYTES = 100_000;

  private final ImageDecoder decoder =
      new ImageDecoder(
          Configs.of(Map.of("glimpse.image.max-pixels", "" + MAX_PIXELS)), ImageCodecs.all());

  @Test
  void eachMutantIsDecodedOrRefused() {
    List<Path> seeds = seeds();
    long seed = Long.getLong("fuzz.seed", 20_240_601L);
    int only = Integer.getInteger("fuzz.case", -1);
    int first = Math.max(only, 0);
    int last = only >= 0 ? only : Integer.getInteger("fuzz.cases", 20_000) - 1;
    Map<Integer, Integer> outcomes = new TreeMap<>();
    long slowest = 0;
    long largest = 0;
    long start = System.nanoTime();
    long before = usedHeap();
    for (int number = first; number <= last; number++) {
      SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
      Path file = seeds.get(random.nextInt(seeds.size()));
      byte[] mutant = mutant(file, seeds.get(random.nextInt(seeds.size())), random);
      String what = "-Dfuzz.seed=%d -Dfuzz.case=%d, %s".formatted(seed, number, file.getFileName());
      Trial trial;
      try {
        trial = Trial.of(decoder, mutant);
      } catch (Throwable e) {
        throw new AssertionError(what, e);
      }
      trial.assertHarmless(what, MAX_PIXELS, MAX_MILLIS);
      assertThat(trial.allocated())
          .as("%s: bytes allocated", what)
          .isLessThan(MAX_ALLOCATED + 40L * mutant.length);
      outcomes.merge(trial.status(), 1, Integer::sum);
      slowest = Math.max(slowest, trial.millis());
      largest = Math.max(largest, trial.allocated());
    }
    System.out.printf(
        "%d mutants of %d images in %d ms: %s; slowest %d ms, most allocated %d kB%n",
        last - first + 1,
        seeds.size(),
        (System.nanoTime() - start) / 1_000_000,
        outcomes,
        slowest,
        largest >> 10);
    assertThat(usedHeap() - before).as("heap that stays in use").isLessThan(64L << 20);
  }

  private static byte[] mutant(Path file, Path second, SplittableRandom random) {
    byte[] bytes = Fixtures.bytes(file);
    byte[] other = Fixtures.bytes(second);
    Mutation[] mutations = Mutation.values();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      bytes = mutations[random.nextInt(mutations.length)].apply(bytes, other, random);
    }
    if (PngParts.isPng(bytes) && random.nextInt(4) > 0) {
      if (random.nextInt(4) == 0) {
        bytes = PngParts.withChunksSwapped(bytes, random.nextInt(50), random.nextInt(50));
      }
      bytes = PngParts.withRightChecksums(bytes);
    }
    return bytes;
  }

  private static List<Path> seeds() {
    List<Path> seeds = new ArrayList<>(images(Fixtures.RESOURCES.resolve("images")));
    seeds.addAll(images(Fixtures.ODD_IMAGES));
    if (Fixtures.hasAsset("odd-images")) {
      seeds.addAll(images(Fixtures.asset("odd-images")));
    }
    return seeds;
  }

  private static List<Path> images(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().matches(".*\\.(jpg|png|gif|bmp|webp|tiff?)"))
          .filter(f -> f.toFile().length() < MAX_SEED_BYTES)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
