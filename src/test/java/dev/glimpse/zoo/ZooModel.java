package dev.glimpse.zoo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A model of the generated zoo and its reference.
 *
 * @param network the architecture's name
 * @param opset of the float32 graph
 * @param export how the network was exported, such as {@code float16}
 * @param name the model's name in the repository of its export
 * @param input the type and layout of its input, which begins the names of the files in {@code
 *     inputs}
 * @param classes how many scores it gives
 * @param probabilities whether the graph ends in a softmax
 */
record ZooModel(
    String network,
    int opset,
    String export,
    String name,
    String input,
    int classes,
    boolean probabilities) {

  static List<ZooModel> all(Path zoo) throws IOException {
    return Files.readAllLines(zoo.resolve("zoo.tsv")).stream().skip(1).map(ZooModel::of).toList();
  }

  private static ZooModel of(String line) {
    String[] cells = line.split("\t");
    return new ZooModel(
        cells[0],
        Integer.parseInt(cells[1]),
        cells[2],
        cells[3],
        cells[4],
        Integer.parseInt(cells[5]),
        cells[6].equals("probabilities"));
  }

  /** Returns the tensor of an image, as its bytes. */
  byte[] tensor(Path zoo, int image) throws IOException {
    return Files.readAllBytes(zoo.resolve("inputs").resolve(input + "-" + image));
  }

  /** Returns what ONNX Runtime answers for an image. */
  double[] reference(Path zoo, int image) throws IOException {
    double[] images =
        numbers(Files.readAllBytes(zoo.resolve("outputs").resolve(name + "-" + export)));
    return Arrays.copyOfRange(images, image * classes, (image + 1) * classes);
  }

  /** Returns the numbers of an output in binary, float16 or float32. */
  double[] numbers(byte[] bytes) {
    boolean half = input.startsWith("float16");
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[bytes.length / (half ? 2 : 4)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = half ? ofHalf(buffer.getShort()) : buffer.getFloat();
    }
    return numbers;
  }

  private static double ofHalf(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    double size =
        exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(fraction + 1024, exponent - 25);
    return bits < 0 ? -size : size;
  }

  /** Returns the scores of an output: a softmax, unless the graph ends in one. */
  double[] scores(double[] output) {
    if (probabilities) {
      return output;
    }
    double largest = Arrays.stream(output).max().orElseThrow();
    double[] powers = Arrays.stream(output).map(value -> Math.exp(value - largest)).toArray();
    double total = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / total).toArray();
  }
}
