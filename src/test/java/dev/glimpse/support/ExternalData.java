package dev.glimpse.support;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Moves a graph's weights into a file beside it, as exporters do with those of large graphs. */
public final class ExternalData {

  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_RAW_DATA = 9;
  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final int TENSOR_DATA_LOCATION = 14;
  private static final int EXTERNAL = 1;

  private final Path file;
  private final ByteArrayOutputStream weights = new ByteArrayOutputStream();

  private ExternalData(Path file) {
    this.file = file;
  }

  /**
   * Moves the weights.
   *
   * @param name of the file that receives them
   */
  public static Path moveTo(Path graph, String name) throws IOException {
    ExternalData data = new ExternalData(graph.resolveSibling(name));
    byte[] model = Files.readAllBytes(graph);
    Files.write(
        graph,
        data.rewritten(
            model,
            MODEL_GRAPH,
            (message, out) ->
                out.writeByteArray(
                    MODEL_GRAPH,
                    data.rewritten(
                        message,
                        GRAPH_INITIALIZER,
                        (tensor, to) ->
                            to.writeByteArray(
                                GRAPH_INITIALIZER,
                                data.rewritten(tensor, TENSOR_RAW_DATA, data::move))))));
    Files.write(data.file, data.weights.toByteArray());
    return data.file;
  }

  private interface Field {
    void write(byte[] value, CodedOutputStream out) throws IOException;
  }

  /** Copies a message with one field changed. */
  private byte[] rewritten(byte[] message, int field, Field otherwise) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    CodedInputStream in = CodedInputStream.newInstance(message);
    while (!in.isAtEnd()) {
      int start = in.getTotalBytesRead();
      int tag = in.readTag();
      if (WireFormat.getTagFieldNumber(tag) == field) {
        otherwise.write(in.readByteArray(), out);
      } else {
        in.skipField(tag);
        out.writeRawBytes(message, start, in.getTotalBytesRead() - start);
      }
    }
    out.flush();
    return bytes.toByteArray();
  }

  private void move(byte[] numbers, CodedOutputStream tensor) throws IOException {
    entry(tensor, "location", file.getFileName().toString());
    entry(tensor, "offset", Integer.toString(weights.size()));
    entry(tensor, "length", Integer.toString(numbers.length));
    tensor.writeEnum(TENSOR_DATA_LOCATION, EXTERNAL);
    weights.write(numbers);
  }

  private static void entry(CodedOutputStream tensor, String key, String value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream entry = CodedOutputStream.newInstance(bytes);
    entry.writeString(1, key);
    entry.writeString(2, value);
    entry.flush();
    tensor.writeByteArray(TENSOR_EXTERNAL_DATA, bytes.toByteArray());
  }
}
