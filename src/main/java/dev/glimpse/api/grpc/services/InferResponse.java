package dev.glimpse.api.grpc.services;

import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.openinference.InferOutput;
import dev.glimpse.api.openinference.InferRequest;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.engine.Tensor;
import dev.glimpse.model.Model;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a {@code ModelInferResponse}. Its outputs are raw if the request's inputs were, as other
 * servers have it, or if one of them is of a type that can only be raw.
 */
final class InferResponse {

  private static final int OUTPUTS = 5;
  private static final int RAW_CONTENTS = 6;
  private static final int CONTENTS = 5;

  private InferResponse() {}

  /** Returns the response with its prefix. */
  static byte[] framed(InferRequest request, Model model, List<InferOutput> outputs) {
    boolean raw =
        outputs.stream()
            .anyMatch(output -> output.binary() || !TypedContents.canHold(type(output.tensor())));
    MessageWriter message =
        new MessageWriter()
            .text(1, model.name())
            .text(2, model.versionName())
            .text(3, request.id().orElse(""));
    List<ByteBuffer> contents = new ArrayList<>();
    for (InferOutput output : outputs) {
      Tensor tensor = output.tensor();
      MessageWriter described = described(tensor);
      if (raw) {
        contents.add(tensor.elements());
      } else {
        described.message(CONTENTS, TypedContents.write(tensor, type(tensor)));
      }
      message.message(OUTPUTS, described);
    }
    contents.forEach(elements -> message.element(RAW_CONTENTS, elements));
    return message.framed();
  }

  private static MessageWriter described(Tensor tensor) {
    return new MessageWriter()
        .text(1, tensor.spec().name())
        .text(2, type(tensor).name())
        .numbers(3, tensor.spec().shape());
  }

  private static Datatype type(Tensor tensor) {
    return Datatype.ofOnnx(tensor.spec().type()).orElseThrow();
  }
}
