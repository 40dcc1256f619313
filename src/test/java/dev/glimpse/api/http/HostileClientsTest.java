package dev.glimpse.api.http;

import dev.glimpse.support.ColorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;

/** {@code HostileConnectionsIT} runs the same on the packaged application. */
@QuarkusTest
@TestProfile(ColorModels.class)
class HostileClientsTest extends HostileClients {

  @Override
  protected int port() {
    return RestAssured.port;
  }
}
