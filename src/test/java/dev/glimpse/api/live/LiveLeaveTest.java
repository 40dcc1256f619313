package dev.glimpse.api.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Polling;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that leave before their connection is made, such as while their token is verified. */
@QuarkusTest
@TestProfile(ColorModels.class)
class LiveLeaveTest {

  /** More than there may be. */
  private static final int MANY = 20;

  /** What one network may have. */
  private static final int MOST = 8;

  private static final String HEADER = "X-Test-Delay";

  /** Delays requests that ask for it, where others wait for their token to be verified. */
  @Singleton
  static class Delay {

    static final AtomicInteger PASSED = new AtomicInteger();
    static final AtomicInteger FAILED = new AtomicInteger();

    void register(@Observes Filters filters, Vertx vertx) {
      filters.register(
          context -> {
            String millis = context.request().getHeader(HEADER);
            if (millis == null) {
              context.next();
            } else {
              vertx.setTimer(
                  Long.parseLong(millis),
                  late -> {
                    context.next();
                    if (context.failed()) {
                      FAILED.incrementAndGet();
                    }
                    PASSED.incrementAndGet();
                  });
            }
          },
          10);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoLeavesBeforeItIsMadeHoldsNoConnection(boolean reset) throws Exception {
    int before = Delay.PASSED.get();
    for (int i = 0; i < MANY; i++) {
      try (RawHandshake handshake = new RawHandshake(RestAssured.port, HEADER + ": 300")) {
        if (reset) {
          handshake.reset();
        }
      }
    }
    Polling.await().until(() -> Delay.PASSED.get() == before + MANY);

    assertThat(Delay.FAILED).as("logged as faults").hasValue(0);
    Polling.await().until(LiveLeaveTest::allAreFree);
    assertThat(RestAssured.get("/health").statusCode()).isEqualTo(200);
  }

  private static boolean allAreFree() throws IOException {
    List<RawHandshake> open = new ArrayList<>();
    try {
      for (int i = 0; i < MOST; i++) {
        RawHandshake handshake = new RawHandshake(RestAssured.port);
        open.add(handshake);
        if (handshake.status() != 101) {
          return false;
        }
      }
      return true;
    } finally {
      for (RawHandshake each : open) {
        each.close();
      }
    }
  }
}
