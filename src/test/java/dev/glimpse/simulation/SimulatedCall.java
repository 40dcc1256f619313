package dev.glimpse.simulation;

import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.pipeline.TensorRequest;
import dev.glimpse.simulation.Order.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * Asks for the scores of images: of their pixels in a tensor of floats, or of their files in a
 * tensor of strings.
 *
 * @param parsing takes time and may fail
 */
record SimulatedCall(Order order, Judge judge, Runnable parsing)
    implements TensorCall<Order, Tensor> {

  @Override
  public Optional<String> model() {
    return Optional.of(order.model());
  }

  @Override
  public Optional<Integer> version() {
    return order.version();
  }

  @Override
  public TensorRequest<Order> parse(Model model) {
    parsing.run();
    return new TensorRequest<>(
        model,
        List.of(order.kind() == Kind.TENSOR ? pixels() : files()),
        order.number() % 2 == 0 ? List.of() : List.of(SimulatedSession.OUTPUT),
        order);
  }

  private Tensor pixels() {
    List<Integer> images = order.images();
    ByteBuffer data =
        ByteBuffer.allocate(images.size() * SimulatedSession.SAMPLES * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int image : images) {
      data.putFloat(image & 0xFF).putFloat(image >> 8).putFloat(0);
    }
    List<Long> shape = List.of((long) images.size(), (long) SimulatedSession.SAMPLES, 1L, 1L);
    return new Tensor(new TensorSpec(SimulatedSession.INPUT, "float", shape), data.flip());
  }

  private Tensor files() {
    return Tensor.ofStrings(
        SimulatedSession.INPUT,
        List.of((long) order.images().size()),
        order.images().stream().map(Images::file).toList());
  }

  @Override
  public Tensor encode(TensorRequest<Order> request, List<Tensor> outputs) {
    judge.require(
        request.body() == order && outputs.size() == 1, () -> order + " encodes " + outputs);
    return outputs.get(0);
  }
}
