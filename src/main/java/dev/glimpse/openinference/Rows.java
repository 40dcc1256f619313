package dev.glimpse.openinference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One input's part of each instance, which together are its tensor. */
final class Rows {

  private final TensorSpec input;
  private final Datatype type;
  private final List<Tensor> rows = new ArrayList<>();

  Rows(TensorSpec input) {
    this.input = input;
    this.type = Datatype.ofOnnx(input.type()).orElseThrow();
  }

  int count() {
    return rows.size();
  }

  /**
   * Reads one more row, at which the parser is.
   *
   * @param field where in the body it is, for messages
   * @param body what the parser reads
   */
  void add(JsonParser json, String field, byte[] body) throws IOException {
    int begin = (int) json.currentTokenLocation().getByteOffset();
    List<Long> shape = shape(json);
    json.finishToken();
    int length = (int) json.currentLocation().getByteOffset() - begin;
    try (JsonParser again = InferBody.JSON.createParser(body, begin, length)) {
      again.nextToken();
      TensorSpec spec = new TensorSpec(input.name(), input.type(), shape);
      rows.add(new Elements(field, spec, type, length).read(again));
    }
    if (!rows.get(0).spec().shape().equals(shape)) {
      throw ServingException.invalid(field, "must be of the same shape as in the first instance");
    }
  }

  /** The shape that the nesting shows; whether it is the same all over shows when it is read. */
  private static List<Long> shape(JsonParser json) throws IOException {
    List<Long> shape = new ArrayList<>();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      return shape;
    }
    long length = 0;
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (length == 0) {
        shape = shape(json);
      } else {
        json.skipChildren();
      }
      length++;
    }
    shape.add(0, length);
    return shape;
  }

  /** All rows as a tensor; where the graph has a last dimension of 1 more, that is put in. */
  Tensor stacked() {
    List<Long> shape = new ArrayList<>();
    shape.add((long) rows.size());
    shape.addAll(rows.get(0).spec().shape());
    if (shape.size() == input.rank() - 1 && input.dimension(shape.size()) == 1) {
      shape.add(1L);
    }
    int bytes = rows.stream().mapToInt(row -> row.data().remaining()).sum();
    ByteBuffer data = ByteBuffer.allocate(bytes);
    rows.forEach(row -> data.put(row.elements()));
    return new Tensor(new TensorSpec(input.name(), input.type(), shape), data.flip());
  }
}
