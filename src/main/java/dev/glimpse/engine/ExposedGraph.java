package dev.glimpse.engine;

import com.google.protobuf.CodedOutputStream;
import com.sun.jna.Memory;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;

/**
 * Holds an ONNX file in native memory, with more of its tensors as outputs. Protobuf merges a field
 * that comes twice, so a second graph that has nothing but outputs is appended to the file, and
 * nothing of it is rewritten. ONNX Runtime infers the outputs' types.
 */
final class ExposedGraph implements AutoCloseable {

  private final Memory memory;
  private final int length;

  private ExposedGraph(Memory memory, int length) {
    this.memory = memory;
    this.length = length;
  }

  /**
   * Reads a file.
   *
   * @param tensors names of tensors that the graph's nodes make, and that are no outputs yet
   * @throws IOException if it cannot be read, or has more than 2 GB
   */
  static ExposedGraph read(Path file, Set<String> tensors) throws IOException {
    byte[] more = outputs(tensors);
    try (FileChannel channel = FileChannel.open(file)) {
      long bytes = channel.size() + more.length;
      if (bytes > Integer.MAX_VALUE) {
        throw new IOException("the graph has more than 2 GB");
      }
      Memory memory = new Memory(bytes);
      ExposedGraph graph = new ExposedGraph(memory, (int) bytes);
      try {
        ByteBuffer buffer = graph.bytes();
        buffer.limit(buffer.capacity() - more.length);
        while (buffer.hasRemaining()) {
          if (channel.read(buffer) < 0) {
            throw new EOFException("the graph's file has become shorter");
          }
        }
        buffer.limit(buffer.capacity()).put(more);
        return graph;
      } catch (IOException | RuntimeException | Error e) {
        graph.close();
        throw e;
      }
    }
  }

  private static byte[] outputs(Set<String> tensors) throws IOException {
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    CodedOutputStream values = CodedOutputStream.newInstance(graph);
    for (String tensor : tensors) {
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      CodedOutputStream name = CodedOutputStream.newInstance(value);
      name.writeString(OnnxProto.VALUE_NAME, tensor);
      name.flush();
      values.writeByteArray(OnnxProto.GRAPH_OUTPUT, value.toByteArray());
    }
    values.flush();
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    CodedOutputStream message = CodedOutputStream.newInstance(model);
    message.writeByteArray(OnnxProto.MODEL_GRAPH, graph.toByteArray());
    message.flush();
    return model.toByteArray();
  }

  /** Returns the file's bytes, for as long as this is open. */
  ByteBuffer bytes() {
    return memory.getByteBuffer(0, length);
  }

  /** Frees the memory. ONNX Runtime needs it only while it opens the graph. */
  @Override
  public void close() {
    memory.close();
  }
}
