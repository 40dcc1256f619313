package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Actionlint;
import org.junit.jupiter.api.Test;

class WorkflowsTest {

  @Test
  void actionlintFindsNothing() throws Exception {
    assertThat(Actionlint.run()).isEmpty();
  }
}
