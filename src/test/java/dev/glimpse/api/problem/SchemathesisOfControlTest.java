package dev.glimpse.api.problem;

import dev.glimpse.support.ChangingModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The same where models may be loaded and unloaded, with the token. */
@QuarkusTest
@TestProfile(ChangingModels.class)
@EnabledIfSystemProperty(named = "schemathesis", matches = ".*", disabledReason = "takes minutes")
class SchemathesisOfControlTest extends SchemathesisTest {

  @Override
  String paths() {
    return "/v2/repository/.*";
  }
}
