package dev.glimpse.api.grpc.services;

import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.triton.ModelConfiguration;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@code ModelConfigResponse}. Field numbers and those of the types are of <a
 * href="https://github.com/triton-inference-server/common/blob/main/protobuf/model_config.proto">model_config.proto</a>.
 */
final class ConfigMessage {

  /** The data types in the order of their numbers, from 0. */
  private static final List<String> TYPES =
      List.of(
          "TYPE_INVALID",
          "TYPE_BOOL",
          "TYPE_UINT8",
          "TYPE_UINT16",
          "TYPE_UINT32",
          "TYPE_UINT64",
          "TYPE_INT8",
          "TYPE_INT16",
          "TYPE_INT32",
          "TYPE_INT64",
          "TYPE_FP16",
          "TYPE_FP32",
          "TYPE_FP64",
          "TYPE_STRING",
          "TYPE_BF16");

  private static final Map<String, Integer> FORMATS =
      Map.of("FORMAT_NONE", 0, "FORMAT_NHWC", 1, "FORMAT_NCHW", 2);

  private ConfigMessage() {}

  static MessageWriter of(ModelConfiguration model) {
    MessageWriter config =
        new MessageWriter()
            .text(1, model.name())
            .text(2, model.platform())
            .number(4, model.maxBatchSize());
    model
        .input()
        .forEach(input ->
            config.message(
                5,
                new MessageWriter()
                    .text(1, input.name())
                    .number(2, type(input.dataType()))
                    .number(3, FORMATS.getOrDefault(input.format(), 0))
                    .numbers(4, input.dims())));
    model
        .output()
        .forEach(output ->
            config.message(
                6,
                new MessageWriter()
                    .text(1, output.name())
                    .number(2, type(output.dataType()))
                    .numbers(3, output.dims())));
    config.text(17, model.backend());
    return new MessageWriter().message(1, config);
  }

  /** Returns the number of a type; that of the invalid one for a type that Triton has not. */
  private static int type(String name) {
    return Math.max(0, TYPES.indexOf(name));
  }
}
