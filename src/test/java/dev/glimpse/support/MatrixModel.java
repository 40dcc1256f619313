package dev.glimpse.support;

import static dev.glimpse.support.TestGraph.attribute;

import dev.glimpse.support.TestGraph.Type;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Writes classifiers of any size: products with square matrices of random weights, which lie in a
 * file beside the graph.
 */
public final class MatrixModel {

  private static final int IMAGE = 32;
  private static final String WEIGHTS = "model.onnx.data";

  private MatrixModel() {}

  /**
   * Writes a model of three classes.
   *
   * @param folder is created
   * @param side of the matrices: their weights have 4 × side² bytes
   * @param layers how many of them there are
   */
  public static void write(Path folder, int side, int layers) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"),
        "{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}}");
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"height\": %d, \"width\": %d}}"
            .formatted(IMAGE, IMAGE));
    TestGraph graph =
        new TestGraph()
            .input("pixel_values", Type.FLOAT, 1, 3, IMAGE, IMAGE)
            .output("logits", Type.FLOAT, 1, 3)
            .node("Flatten", List.of("pixel_values"), "x0", attribute("axis", 1));
    int width = 3 * IMAGE * IMAGE;
    try (OutputStream out = Files.newOutputStream(folder.resolve(WEIGHTS))) {
      long offset = 0;
      for (int i = 0; i <= layers; i++) {
        int columns = i == layers ? 3 : side;
        graph
            .externalMatrix("w" + i, WEIGHTS, offset, width, columns)
            .node("MatMul", List.of("x" + i, "w" + i), i == layers ? "logits" : "x" + (i + 1));
        offset += write(out, width, columns, new Random(i));
        width = columns;
      }
    }
    graph.write(folder.resolve("model.onnx"));
  }

  /** Writes a matrix that keeps the size of what it is multiplied with; returns its bytes. */
  private static long write(OutputStream out, int rows, int columns, Random random)
      throws IOException {
    ByteBuffer row = ByteBuffer.allocate(columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float range = 2 * (float) Math.sqrt(3.0 / rows);
    for (int i = 0; i < rows; i++) {
      row.clear();
      while (row.hasRemaining()) {
        row.putFloat((random.nextFloat() - 0.5f) * range);
      }
      out.write(row.array());
    }
    return (long) rows * columns * Float.BYTES;
  }
}
