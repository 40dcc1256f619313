package dev.glimpse.engine;

/**
 * Numbers the fields of the messages in ONNX files, as <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a> does, as far as
 * they are read here.
 */
final class OnnxProto {

  static final int MODEL_GRAPH = 7;
  static final int MODEL_METADATA = 14;
  static final int MODEL_FUNCTION = 25;

  static final int FUNCTION_NODE = 7;

  static final int GRAPH_NODE = 1;
  static final int GRAPH_INITIALIZER = 5;
  static final int GRAPH_OUTPUT = 12;
  static final int GRAPH_SPARSE_INITIALIZER = 15;

  static final int VALUE_NAME = 1;

  static final int NODE_INPUT = 1;
  static final int NODE_OUTPUT = 2;
  static final int NODE_OP_TYPE = 4;
  static final int NODE_ATTRIBUTE = 5;

  static final int ATTRIBUTE_NAME = 1;
  static final int ATTRIBUTE_FLOAT = 2;
  static final int ATTRIBUTE_INTEGER = 3;
  static final int ATTRIBUTE_TENSOR = 5;
  static final int ATTRIBUTE_GRAPH = 6;
  static final int ATTRIBUTE_INTEGERS = 8;
  static final int ATTRIBUTE_TENSORS = 10;
  static final int ATTRIBUTE_GRAPHS = 11;
  static final int ATTRIBUTE_SPARSE_TENSOR = 22;
  static final int ATTRIBUTE_SPARSE_TENSORS = 23;

  static final int SPARSE_VALUES = 1;
  static final int SPARSE_INDICES = 2;

  static final int TENSOR_DIMS = 1;
  static final int TENSOR_TYPE = 2;
  static final int TENSOR_FLOATS = 4;
  static final int TENSOR_INTEGERS = 5;
  static final int TENSOR_LONGS = 7;
  static final int TENSOR_NAME = 8;
  static final int TENSOR_RAW = 9;
  static final int TENSOR_DOUBLES = 10;
  static final int TENSOR_EXTERNAL_DATA = 13;
  static final int TENSOR_LOCATION = 14;

  /** The value of {@link #TENSOR_LOCATION} of a tensor whose numbers are in another file. */
  static final int EXTERNAL = 1;

  static final int TYPE_FLOAT = 1;
  static final int TYPE_UINT8 = 2;
  static final int TYPE_INT8 = 3;
  static final int TYPE_INT32 = 6;
  static final int TYPE_INT64 = 7;
  static final int TYPE_FLOAT16 = 10;
  static final int TYPE_DOUBLE = 11;

  static final int ENTRY_KEY = 1;
  static final int ENTRY_VALUE = 2;

  /** The nesting limit of protobuf's own parsers, and so of ONNX Runtime. */
  static final int MAX_LEVELS = 100;

  private OnnxProto() {}
}
