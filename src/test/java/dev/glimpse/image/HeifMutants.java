package dev.glimpse.image;

import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Decodes mutants of HEIC and AVIF files, in a process of its own, as the decoders are written in
 * C. Writes the number of each mutant before it decodes it, and a line at the end.
 */
final class HeifMutants {

  private static final long MAX_PIXELS = 1_000_000;

  /** Of the processor; a mutant of a small file takes a millisecond. */
  private static final long MAX_MILLIS = 2000;

  private HeifMutants() {}

  /**
   * Runs the mutants.
   *
   * @param arguments seed, number of the first, number of the last, file for their numbers
   */
  public static void main(String[] arguments) throws IOException {
    long seed = Long.parseLong(arguments[0]);
    List<Path> files = files();
    ImageDecoder decoder =
        new ImageDecoder(
            Configs.of(Map.of("glimpse.image.max-pixels", "" + MAX_PIXELS)), ImageCodecs.all());
    TreeMap<Integer, Integer> outcomes = new TreeMap<>();
    Path progress = Path.of(arguments[3]);
    for (int number = Integer.parseInt(arguments[1]);
        number <= Integer.parseInt(arguments[2]);
        number++) {
      Files.writeString(progress, "" + number);
      Trial trial = Trial.of(decoder, mutant(files, seed, number));
      trial.assertHarmless("mutant " + number, MAX_PIXELS, MAX_MILLIS);
      outcomes.merge(trial.status(), 1, Integer::sum);
    }
    System.out.println("Outcomes: " + outcomes);
  }

  private static byte[] mutant(List<Path> files, long seed, int number) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    byte[] bytes = Fixtures.bytes(files.get(random.nextInt(files.size())));
    if (random.nextInt(4) > 0) {
      return codedDataChanged(bytes, random);
    }
    byte[] other = Fixtures.bytes(files.get(random.nextInt(files.size())));
    Mutation[] mutations = Mutation.values();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      bytes = mutations[random.nextInt(mutations.length)].apply(bytes, other, random);
    }
    return bytes;
  }

  /** Changes what the decoders in C read: the data of the images, and the parameter sets. */
  private static byte[] codedDataChanged(byte[] file, SplittableRandom random) {
    int data = HeifFile.indexOf(file, "mdat") + 4;
    boolean hevc = new String(file, StandardCharsets.ISO_8859_1).contains("hvcC");
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      int at = data + random.nextInt(Math.max(1, file.length - data));
      if (hevc && random.nextInt(4) == 0) {
        at = HeifFile.indexOf(file, "hvcC") + 4 + random.nextInt(110);
      }
      if (at < file.length) {
        file[at] =
            (byte) (random.nextBoolean() ? random.nextInt() : file[at] ^ 1 << random.nextInt(8));
      }
    }
    return file;
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(Fixtures.RESOURCES.resolve("images-heif"))) {
      return files
          .filter(file -> file.toString().matches(".*\\.(heic|avif)"))
          .filter(file -> HeifMutants.hasData(Fixtures.bytes(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean hasData(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1).contains("mdat");
  }
}
