package dev.glimpse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTest {

  private static final String HASH = hash("secret");

  @Test
  void aLineHoldsNameHashRolesAndRate() {
    KeyRing ring =
        KeyFile.parse(
            """
            # who may ask

            phone-app %s predict observe rate=10/s   # the app
            """
                .formatted(HASH));

    assertThat(ring.find(sha256("secret")))
        .contains(
            new Caller(
                "phone-app",
                java.util.Set.of(Role.PREDICT, Role.OBSERVE),
                Optional.of(new Rate(10, Duration.ofSeconds(1)))));
    assertThat(ring.find(sha256("Secret"))).isEmpty();
  }

  @Test
  void aKeyWithoutRolesMayPredict() {
    Caller caller = KeyFile.parse("a " + HASH).find(sha256("secret")).orElseThrow();

    assertThat(caller.may(Role.PREDICT)).isTrue();
    assertThat(caller.may(Role.OBSERVE)).isFalse();
    assertThat(caller.may(Role.ADMIN)).isFalse();
  }

  @Test
  void anAdministratorHoldsAllRoles() {
    Caller caller = KeyFile.parse("a " + HASH + " admin").find(sha256("secret")).orElseThrow();

    assertThat(Role.values()).allMatch(caller::may);
  }

  @Test
  void aCallerMayHaveSeveralKeys() {
    KeyRing ring = KeyFile.parse("a " + HASH + "\na " + hash("other").toUpperCase());

    assertThat(ring.find(sha256("secret"))).isEqualTo(ring.find(sha256("other"))).isPresent();
  }

  @Test
  void keysWhoseHashesBeginAlikeAreToldApart() {
    byte[] one = new byte[32];
    byte[] two = one.clone();
    two[31] = 1;
    KeyRing ring =
        KeyFile.parse(
            "one %s\ntwo %s"
                .formatted(HexFormat.of().formatHex(one), HexFormat.of().formatHex(two)));

    assertThat(ring.find(one).orElseThrow().name()).isEqualTo("one");
    assertThat(ring.find(two).orElseThrow().name()).isEqualTo("two");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a | 64 hexadecimal digits",
        "a my-secret-key predict | 64 hexadecimal digits",
        "-a HASH | the name must have",
        "ä HASH | the name must have",
        "a HASH predict,observe | roles (predict, observe, admin)",
        "a HASH Predict | roles (predict, observe, admin)",
        "a HASH predict rate=10 | such as rate=10/s",
        "a HASH rate=0/s | such as rate=10/s",
      })
  void aWrongLineIsNamedAndNotQuoted(String line, String message) {
    assertThatThrownBy(() -> KeyFile.parse("\n" + line.replace("HASH", HASH)))
        .hasMessageContaining("in line 2, ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("my-secret-key");
  }

  @Test
  void aNewKeyIsFoundByItsLine() {
    NewKey key = NewKey.of("app", List.of(Role.OBSERVE), Optional.of("5/m"));
    NewKey other = NewKey.of("app", List.of(), Optional.empty());

    assertThat(key.key()).matches("glimpse_[A-Za-z0-9_-]{43}").isNotEqualTo(other.key());
    assertThat(key.line()).doesNotContain(key.key());
    Caller caller = KeyFile.parse(key.line()).find(sha256(key.key())).orElseThrow();
    assertThat(caller.may(Role.PREDICT)).isFalse();
    assertThat(caller.rate()).contains(new Rate(5, Duration.ofMinutes(1)));
    assertThat(KeyFile.parse(other.line()).find(sha256(other.key())).orElseThrow().roles())
        .containsExactly(Role.PREDICT);
  }

  private static byte[] sha256(String key) {
    return Sha256.of(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(String key) {
    return HexFormat.of().formatHex(sha256(key));
  }
}
