package dev.glimpse.engine;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Converts a graph's outputs to tensors: tensors as they are, and maps from keys to numbers, as
 * scikit-learn's exporter writes probabilities, in the order of their keys.
 */
final class OnnxOutputs {

  private static final String FLOAT = "float";
  private static final String DOUBLE = "double";
  private static final String INT64 = "int64";

  /** The numbers of maps that become tensors. */
  private static final Set<String> NUMBERS = Set.of(FLOAT, DOUBLE, INT64);

  private OnnxOutputs() {}

  /** Describes the outputs that are tensors or become some. */
  static List<TensorSpec> describe(List<NodeInfo> nodes) {
    List<TensorSpec> specs = new ArrayList<>();
    for (NodeInfo node : nodes) {
      TensorSpec spec = describe(node);
      if (spec != null) {
        specs.add(spec);
      }
    }
    return specs;
  }

  /** Describes the outputs that are tensors as they are. */
  static List<TensorSpec> tensors(List<NodeInfo> nodes) {
    return describe(nodes.stream().filter(node -> node.getInfo() instanceof TensorInfo).toList());
  }

  /** Describes the other outputs. */
  static List<String> omitted(List<NodeInfo> nodes) {
    return nodes.stream()
        .filter(node -> describe(node) == null)
        .map(node -> node.getName() + " " + node.getInfo())
        .toList();
  }

  private static @Nullable TensorSpec describe(NodeInfo node) {
    ValueInfo info = node.getInfo();
    if (info instanceof TensorInfo tensor) {
      return OnnxTensors.describe(node.getName(), tensor);
    }
    if (info instanceof MapInfo map) {
      return spec(node.getName(), map, List.of(-1L));
    }
    return info instanceof SequenceInfo sequence && sequence.isSequenceOfMaps()
        ? spec(node.getName(), sequence.mapInfo, List.of(-1L, -1L))
        : null;
  }

  private static @Nullable TensorSpec spec(String name, MapInfo map, List<Long> shape) {
    String type = type(map);
    return NUMBERS.contains(type) ? new TensorSpec(name, type, shape) : null;
  }

  /** Returns ONNX's name of the numbers; a constant of the enum would break a native build. */
  private static String type(MapInfo map) {
    return map.valueType.name().toLowerCase(Locale.ROOT);
  }

  /** Converts an output. */
  static Tensor read(String name, OnnxValue value) throws OrtException {
    if (value instanceof OnnxTensor tensor) {
      return OnnxTensors.read(name, tensor);
    }
    if (value instanceof OnnxMap map) {
      SortedMap<Object, Object> row = sorted(map);
      return tensor(name, map.getInfo(), List.of(row), List.of((long) row.size()));
    }
    OnnxSequence sequence = (OnnxSequence) value;
    List<SortedMap<Object, Object>> rows = new ArrayList<>();
    Set<Object> keys = new TreeSet<>();
    for (OnnxValue element : sequence.getValue()) {
      try (element) {
        SortedMap<Object, Object> row = sorted((OnnxMap) element);
        keys.addAll(row.keySet());
        rows.add(row);
      }
    }
    for (SortedMap<Object, Object> row : rows) {
      keys.forEach(key -> row.putIfAbsent(key, 0));
    }
    return tensor(
        name, sequence.getInfo().mapInfo, rows, List.of((long) rows.size(), (long) keys.size()));
  }

  private static SortedMap<Object, Object> sorted(OnnxMap map) throws OrtException {
    return new TreeMap<>(map.getValue());
  }

  private static Tensor tensor(
      String name, MapInfo info, List<SortedMap<Object, Object>> rows, List<Long> shape) {
    TensorSpec spec = new TensorSpec(name, type(info), shape);
    int elements = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    ByteBuffer data =
        ByteBuffer.allocate(elements * spec.elementBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (SortedMap<Object, Object> row : rows) {
      for (Object number : row.values()) {
        put((Number) number, spec.type(), data);
      }
    }
    return new Tensor(spec, data.flip());
  }

  private static void put(Number number, String type, ByteBuffer data) {
    switch (type) {
      case DOUBLE -> data.putDouble(number.doubleValue());
      case INT64 -> data.putLong(number.longValue());
      default -> data.putFloat(number.floatValue());
    }
  }
}
