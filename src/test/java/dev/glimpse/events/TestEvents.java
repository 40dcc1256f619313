package dev.glimpse.events;

import dev.glimpse.engine.Session;
import dev.glimpse.image.ImageFacts;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Uncertainty;
import dev.glimpse.support.Configs;
import dev.glimpse.tracing.TraceContext;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Makes events. */
final class TestEvents {

  static final Timing TIMING = new Timing(50_000, 1_200_000, 400_000, 3_900_000, 5_700_000);

  private TestEvents() {}

  static LoggedPrediction prediction(String id) {
    return new LoggedPrediction(
        id,
        Instant.parse("2026-11-30T10:15:30.250Z"),
        "request-7",
        0,
        Optional.of(
            new TraceContext(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                true,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "a=1,b=2")),
        "predict",
        "flowers",
        3,
        List.of(
            new Classification("Gänseblümchen", "daisy", 0.75f, 0),
            new Classification("rose", 0.25f, 2)),
        Optional.of(Uncertainty.LOW_SCORE),
        OptionalDouble.of(0.562335),
        Optional.of(new ImageFacts("JPEG", 640, 480, 20_480, OptionalDouble.of(0.5))),
        TIMING,
        false);
  }

  /** Returns a model that cannot be run. */
  static Model model() {
    Session none =
        (Session)
            Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> {
                  throw new UnsupportedOperationException(method.getName());
                });
    return new Model("flowers", 3, none, Optional.empty(), List::of);
  }

  static QueuedEvent queued(String id, long added) {
    return new QueuedEvent(EventType.PREDICTION, prediction(id), added);
  }

  static CloudEvent event(String id) {
    return attributes(Map.of()).event(EventType.PREDICTION, prediction(id));
  }

  static EventAttributes attributes(Map<String, String> settings) {
    return new EventAttributes(Configs.of(new HashMap<>(settings)).events());
  }
}
