package dev.glimpse.engine;

import dev.glimpse.engine.ClassifierHead.Linear;
import dev.glimpse.engine.ClassifierHead.Pooling;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the {@link ClassifierHead} of a graph by its nodes, from the output back. What only a run
 * tells, such as the size of the map, it does not check.
 */
final class HeadFinder {

  /** Types of nodes that pass values on, at most in another shape, precision or order. */
  private static final Set<String> PASS =
      Set.of(
          "Identity",
          "Cast",
          "Dropout",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "QuantizeLinear",
          "DequantizeLinear");

  /** Types of nodes behind the last linear layer; none changes the order of the classes. */
  private static final Set<String> ACTIVATIONS = Set.of("Softmax", "LogSoftmax", "Sigmoid");

  /** Types of nodes between a linear layer and a pooling behind it. */
  private static final Set<String> RECTIFIERS =
      Set.of("Relu", "LeakyRelu", "PRelu", "Elu", "Clip", "HardSwish");

  private final GraphNodes graph;

  HeadFinder(GraphNodes graph) {
    this.graph = graph;
  }

  /**
   * Finds the head of the graph.
   *
   * @throws IOException if the weights cannot be read
   */
  ClassifierHead find(String output) throws IOException {
    String scores = through(output, true);
    Optional<Pooling> last = pooling(scores, Optional.empty());
    if (last.isPresent()) {
      return new ClassifierHead(linearInput(last.get().map()), last);
    }
    Optional<GraphNode> node = graph.producer(scores).filter(HeadFinder::isLinear);
    if (node.isEmpty()) {
      return ClassifierHead.UNKNOWN;
    }
    String input = vector(node.get());
    Optional<Linear> linear = new LinearWeights(graph).of(node.get());
    Optional<Pooling> pooling =
        linear.isPresent() ? pooling(through(input, false), linear) : Optional.empty();
    return new ClassifierHead(computed(input), pooling);
  }

  /** Returns a tensor only if a node makes it: the graph's own input is no vector. */
  private Optional<String> computed(String tensor) {
    return graph.producer(tensor).map(node -> tensor);
  }

  /**
   * Looks through nodes that pass values on.
   *
   * @param scores whether they are those of the classes, so that an activation and a bias may be
   *     among the nodes
   */
  private String through(String tensor, boolean scores) {
    Set<String> seen = new HashSet<>();
    String name = tensor;
    while (seen.add(name)) {
      Optional<GraphNode> node = graph.producer(name);
      if (node.isEmpty()) {
        break;
      }
      String type = node.get().opType();
      if (PASS.contains(type) || (scores && ACTIVATIONS.contains(type))) {
        name = node.get().input(0);
      } else if (scores && type.equals("Add") && constants(node.get()) == 1) {
        name = node.get().input(graph.isConstant(node.get().input(0)) ? 1 : 0);
      }
    }
    return name;
  }

  private long constants(GraphNode node) {
    return node.inputs().stream().filter(this::isConstant).count();
  }

  /** Returns whether a tensor is a constant, perhaps one of 8 bits that is dequantized. */
  private boolean isConstant(String tensor) {
    return graph.isConstant(through(tensor, false));
  }

  private static boolean isLinear(GraphNode node) {
    return switch (node.opType()) {
      case "Gemm" -> node.integer("transA", 0) == 0;
      case "MatMul" -> true;
      case "Conv" -> node.integer("group", 1) == 1;
      default -> false;
    };
  }

  private String vector(GraphNode linear) {
    return linear.input(linear.opType().equals("MatMul") && isConstant(linear.input(0)) ? 1 : 0);
  }

  /** Returns the input of the linear layer that makes a map of the classes. */
  private Optional<String> linearInput(String map) {
    String name = map;
    for (int steps = 0; steps < 10; steps++) {
      Optional<GraphNode> node = graph.producer(name);
      if (node.isEmpty()) {
        return Optional.empty();
      }
      if (node.get().opType().equals("Conv")) {
        return computed(node.get().input(0));
      }
      if (!RECTIFIERS.contains(node.get().opType()) && !PASS.contains(node.get().opType())) {
        return Optional.empty();
      }
      name = node.get().input(0);
    }
    return Optional.empty();
  }

  private Optional<Pooling> pooling(String tensor, Optional<Linear> linear) throws IOException {
    GraphNode node = graph.producer(tensor).orElse(null);
    if (node == null) {
      return Optional.empty();
    }
    return switch (node.opType()) {
      case "GlobalAveragePool" -> pooling(node, false, linear);
      case "AveragePool" -> isPlain(node) ? pooling(node, false, linear) : Optional.empty();
      case "ReduceMean" -> mean(node, linear);
      default -> Optional.empty();
    };
  }

  private Optional<Pooling> pooling(GraphNode node, boolean channelsLast, Optional<Linear> linear) {
    List<Long> kernel = node.integers().getOrDefault("kernel_shape", List.of());
    return computed(node.input(0)).map(map -> new Pooling(map, channelsLast, kernel, linear));
  }

  /** Returns whether each place counts as much as another, if the kernel covers the whole map. */
  private static boolean isPlain(GraphNode node) {
    return node.integers().getOrDefault("pads", List.of()).stream().allMatch(pad -> pad == 0)
        && !node.integers().getOrDefault("kernel_shape", List.of()).isEmpty();
  }

  /** Finds a mean over height and width, by one node or by one for each. */
  private Optional<Pooling> mean(GraphNode node, Optional<Linear> linear) throws IOException {
    Set<Long> axes = axes(node);
    if (axes.equals(Set.of(2L, 3L)) || axes.equals(Set.of(-1L, -2L))) {
      return pooling(node, false, linear);
    }
    if (axes.equals(Set.of(1L, 2L)) || axes.equals(Set.of(-2L, -3L))) {
      return pooling(node, true, linear);
    }
    Optional<GraphNode> before =
        graph.producer(node.input(0)).filter(first -> first.opType().equals("ReduceMean"));
    if (before.isEmpty() || axes.size() != 1) {
      return Optional.empty();
    }
    Set<Long> first = axes(before.get());
    boolean kept = before.get().integer("keepdims", 1) == 1;
    boolean width = first.equals(Set.of(3L)) || first.equals(Set.of(-1L));
    boolean then = axes.equals(Set.of(2L)) || (!kept && axes.equals(Set.of(-1L)));
    return width && then ? pooling(before.get(), false, linear) : Optional.empty();
  }

  private Set<Long> axes(GraphNode node) throws IOException {
    List<Long> attribute = node.integers().getOrDefault("axes", List.of());
    if (!attribute.isEmpty()) {
      return Set.copyOf(attribute);
    }
    Set<Long> axes = new HashSet<>();
    Optional<OnnxConstant> input = graph.constant(node.input(1));
    if (input.isPresent() && input.get().values() != null) {
      for (float axis : input.get().values()) {
        axes.add((long) axis);
      }
    }
    return axes;
  }
}
