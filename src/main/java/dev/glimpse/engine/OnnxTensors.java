package dev.glimpse.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Converts tensors of any type to and from those of one ONNX Runtime session, which reads them from
 * direct memory that is kept from one run to the next.
 */
final class OnnxTensors {

  private static final String TYPE_PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

  /**
   * The types of which ONNX Runtime's Java classes can create tensors; other unsigned types they
   * only read.
   */
  private static final Set<String> FED =
      Set.of(
          "bool",
          "int8",
          "int16",
          "int32",
          "int64",
          "uint8",
          "float16",
          "float",
          "double",
          Tensor.STRING);

  /** Alignment of a tensor in bytes, for vector instructions. */
  private static final int ALIGNMENT = 64;

  private final OrtSession session;
  private final Deque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();

  OnnxTensors(OrtSession session) {
    this.session = session;
  }

  /** Tells whether a tensor of this type can be created. */
  static boolean fed(TensorSpec spec) {
    return FED.contains(spec.type());
  }

  /** Describes a graph's input or output, which has to be a tensor. */
  static TensorSpec describe(NodeInfo node) {
    if (!(node.getInfo() instanceof TensorInfo info)) {
      throw new EngineException(
          "The input %s is not a tensor but %s.".formatted(node.getName(), node.getInfo()));
    }
    return describe(node.getName(), info);
  }

  static TensorSpec describe(String name, TensorInfo info) {
    return new TensorSpec(
        name,
        info.onnxType.name().substring(TYPE_PREFIX.length()).toLowerCase(Locale.ROOT),
        Arrays.stream(info.getShape()).boxed().toList());
  }

  /** Does what {@link Session#run} says. */
  List<Tensor> run(List<Tensor> inputs, Set<String> outputs) {
    ByteBuffer memory = memory(inputs.stream().mapToInt(OnnxTensors::room).sum());
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      int position = 0;
      for (Tensor input : inputs) {
        fed.put(input.spec().name(), make(input, memory, position));
        position += room(input);
      }
      try (OrtSession.Result result = session.run(fed, outputs)) {
        List<Tensor> made = new ArrayList<>();
        for (var output : result) {
          made.add(OnnxOutputs.read(output.getKey(), output.getValue()));
        }
        return made;
      }
    } catch (OrtException e) {
      throw new EngineException("ONNX Runtime failed on a run: " + e.getMessage(), e);
    } finally {
      fed.values().forEach(OnnxTensor::close);
      idle.addFirst(memory);
    }
  }

  private ByteBuffer memory(int bytes) {
    ByteBuffer kept = idle.pollFirst();
    return kept != null && kept.capacity() >= bytes ? kept : ByteBuffer.allocateDirect(bytes);
  }

  private static int room(Tensor tensor) {
    int blocks = (tensor.data().remaining() + ALIGNMENT - 1) / ALIGNMENT;
    return Math.multiplyExact(blocks, ALIGNMENT);
  }

  private static OnnxTensor make(Tensor tensor, ByteBuffer memory, int position)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    TensorSpec spec = tensor.spec();
    long[] shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
    if (spec.type().equals(Tensor.STRING)) {
      String[] strings =
          tensor.strings().stream()
              .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
              .toArray(String[]::new);
      return OnnxTensor.createTensor(environment, strings, shape);
    }
    ByteBuffer own = memory.slice(position, tensor.data().remaining());
    own.put(tensor.elements()).flip().order(ByteOrder.nativeOrder());
    OnnxJavaType type = OnnxJavaType.valueOf(spec.type().toUpperCase(Locale.ROOT));
    return OnnxTensor.createTensor(environment, own, shape, type);
  }

  static Tensor read(String name, OnnxTensor tensor) throws OrtException {
    TensorSpec spec = describe(name, tensor.getInfo());
    if (tensor.getInfo().getNumElements() == 0) {
      return new Tensor(spec, ByteBuffer.allocate(0));
    }
    if (!spec.type().equals(Tensor.STRING)) {
      return new Tensor(spec, tensor.getByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }
    List<byte[]> strings = new ArrayList<>();
    flatten(tensor.getValue(), strings);
    return Tensor.ofStrings(name, spec.shape(), strings);
  }

  private static void flatten(Object value, List<byte[]> strings) {
    if (value instanceof Object[] values) {
      for (Object each : values) {
        flatten(each, strings);
      }
    } else {
      strings.add(value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
