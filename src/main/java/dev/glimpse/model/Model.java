package dev.glimpse.model;

import dev.glimpse.batch.Batcher;
import dev.glimpse.engine.Session;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.preprocess.Preprocessor;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model that is loaded, warmed up and ready to serve. Any thread may use it until it is closed.
 *
 * @param name the name it is asked for by
 * @param version 1 or more
 * @param preprocessor pixels to its input tensor
 * @param session its graph; owned
 * @param activation its scores to probabilities
 * @param labels the names of its classes
 * @param batcher runs pictures together; empty: each is run alone
 * @param facts what was understood of its folder, and who says so; worked out when somebody wants
 *     to know
 */
public record Model(
    String name,
    int version,
    Preprocessor preprocessor,
    Session session,
    Activation activation,
    Labels labels,
    Optional<Batcher> batcher,
    Supplier<List<Fact>> facts)
    implements AutoCloseable {

  /** The graph's input as people write it: {@code pixel_values float[?,3,160,160]}. */
  public String input() {
    return session.input().toString();
  }

  /** The graph's output as people write it: {@code logits float[?,5]}. */
  public String output() {
    return session.output().toString();
  }

  /** Frees the graph. Closing twice does no harm. */
  @Override
  public void close() {
    batcher.ifPresent(Batcher::close);
    session.close();
  }
}
