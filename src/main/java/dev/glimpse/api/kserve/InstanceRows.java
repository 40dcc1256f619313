package dev.glimpse.api.kserve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.api.tensorjson.TensorJson;
import dev.glimpse.api.tensorjson.TensorReader;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects the rows of one input, one from each instance, into its tensor. */
final class InstanceRows {

  /** The least bytes of an element in JSON. */
  private static final int ONE_ELEMENT = 1;

  private final TensorSpec input;
  private final Datatype type;
  private List<Long> shape = List.of();
  private int count;

  /** All rows so far, one after the other: a tensor for each would take far more memory. */
  private ByteBuffer data = ByteBuffer.allocate(0);

  InstanceRows(TensorSpec input) {
    this.input = input;
    this.type = Datatype.ofOnnx(input.type()).orElseThrow();
  }

  int count() {
    return count;
  }

  /**
   * Reads one more row, at which the parser is.
   *
   * @param field where in the body it is, for messages
   * @param body what the parser reads
   * @throws ServingException UNFIT_TENSOR if it does not fit the input, or INVALID_PARAMETER
   */
  void add(JsonParser json, String field, byte[] body) throws IOException {
    int begin = (int) json.currentTokenLocation().getByteOffset();
    List<Long> own = shape(json);
    if (count++ == 0) {
      requireFit(own, field);
      shape = own;
    } else if (!own.equals(shape)) {
      throw ServingException.invalid(field, "must be of the same shape as in the first instance");
    }
    TensorSpec spec = new TensorSpec(input.name(), input.type(), own);
    if (own.isEmpty()) { // may be one of millions, for which parsers take seconds
      append(new TensorReader(field, spec, type, ONE_ELEMENT).read(json).data());
      return;
    }
    json.finishToken();
    int length = (int) json.currentLocation().getByteOffset() - begin;
    try (JsonParser again = TensorJson.FACTORY.createParser(body, begin, length)) {
      again.nextToken();
      append(new TensorReader(field, spec, type, length).read(again).data());
    }
  }

  /** Returns the shape by the first elements; {@link TensorReader} checks that all agree. */
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
        JsonFields.skip(json);
      }
      length++;
    }
    shape.add(0, length);
    return shape;
  }

  /** Checks the first row only, as there may be millions. */
  private void requireFit(List<Long> row, String field) {
    List<Long> stacked = stacked(1, row);
    boolean fits = stacked.size() == input.rank();
    for (int i = 1; fits && i < input.rank(); i++) {
      fits =
          stacked.get(i) > 0
              && (input.dimension(i) < 0 || stacked.get(i).equals(input.dimension(i)));
    }
    if (!fits) {
      throw new ServingException(
          Failure.UNFIT_TENSOR,
          "%s has the shape %s, and the graph takes %s, of which an instance is one row."
              .formatted(field, row, input));
    }
  }

  private void append(ByteBuffer row) {
    if (row.remaining() > data.remaining()) {
      int needed = Math.addExact(data.position(), row.remaining());
      data = ByteBuffer.allocate(Math.max(needed, data.position() * 2)).put(data.flip());
    }
    data.put(row);
  }

  /** Returns all rows as a tensor. */
  Tensor stacked() {
    return new Tensor(
        new TensorSpec(input.name(), input.type(), stacked(count, shape)), data.flip());
  }

  /** Returns the tensor's shape; adds a last dimension of 1 where only the graph has it. */
  private List<Long> stacked(long rows, List<Long> row) {
    List<Long> all = new ArrayList<>();
    all.add(rows);
    all.addAll(row);
    if (all.size() == input.rank() - 1 && input.dimension(all.size()) == 1) {
      all.add(1L);
    }
    return all;
  }
}
