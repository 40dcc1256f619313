package dev.glimpse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Issuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {

  private static final Issuer ISSUER = new Issuer();

  @TempDir Path folder;

  @Test
  void aTokenTellsNameAndRoles() throws IOException {
    Caller caller =
        authenticator(Map.of()).withToken(ISSUER.token(Map.of("scope", "openid predict")));

    assertThat(caller.name()).isEqualTo("alice");
    assertThat(caller.roles()).containsExactly(Role.PREDICT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        AlgorithmIdentifiers.RSA_USING_SHA256,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
        AlgorithmIdentifiers.EDDSA
      })
  void signaturesByPublicKeysCount(String algorithm) throws IOException {
    assertThat(authenticator(Map.of()).withToken(ISSUER.signed(algorithm, Issuer.claims())).name())
        .isEqualTo("alice");
  }

  @Test
  void rolesMayBeAListInsideAnObjectWithAPrefix() throws IOException {
    Authenticator authenticator =
        authenticator(
            Map.of(
                "glimpse.auth.jwt.roles-claim", "realm_access.roles",
                "glimpse.auth.jwt.roles-prefix", "glimpse:"));
    Map<String, Object> roles =
        Map.of("realm_access", Map.of("roles", List.of("glimpse:observe", "admin", 7)));

    assertThat(authenticator.withToken(ISSUER.token(roles)).roles()).containsExactly(Role.OBSERVE);
    assertThat(authenticator.withToken(ISSUER.token(Map.of("realm_access", "admin"))).roles())
        .isEmpty();
  }

  @Test
  void whatIsWrongIsSaid() throws IOException {
    Authenticator authenticator = authenticator(Map.of());
    long now = System.currentTimeMillis() / 1000;
    assertRefused(authenticator, claims("exp", now - 60), "The token has expired.");
    assertRefused(authenticator, claims("exp", null), "The token has no time of expiry (exp).");
    assertRefused(authenticator, claims("nbf", now + 600), "The token is not valid yet.");
    assertRefused(authenticator, claims("iss", "https://other"), "was issued by another issuer.");
    assertRefused(authenticator, claims("iss", null), "names no issuer (iss).");
    assertRefused(authenticator, claims("aud", "other"), "was issued for another audience.");
    assertRefused(authenticator, claims("aud", null), "names no audience (aud).");
    assertRefused(authenticator, claims("sub", null), "names no subject (sub).");
  }

  @Test
  void forgedTokensAreRefused() throws IOException {
    Authenticator authenticator = authenticator(Map.of());
    for (String forged : ISSUER.forgeries()) {
      assertThatThrownBy(() -> authenticator.withToken(forged))
          .as(forged)
          .isInstanceOfSatisfying(
              ServingException.class, e -> assertThat(e.failure()).isEqualTo(Failure.UNAUTHORIZED));
    }
  }

  @Test
  void keysAreFetchedAtTheFirstTokenAndKept() throws IOException {
    AtomicInteger fetched = new AtomicInteger();
    HttpServer server = serve(fetched);
    try {
      Authenticator authenticator = authenticator(Map.of("glimpse.auth.jwt.keys", url(server)));
      assertThat(fetched).hasValue(0);
      for (int i = 0; i < 3; i++) {
        assertThat(authenticator.withToken(ISSUER.token(Map.of())).name()).isEqualTo("alice");
      }
      assertThat(fetched).hasValue(1);
      ISSUER
          .forgeries()
          .forEach(forged ->
              assertThatThrownBy(() -> authenticator.withToken(forged))
                  .isInstanceOf(ServingException.class));
      assertThat(fetched).as("unknown keys").hasValueLessThanOrEqualTo(2);
    } finally {
      server.stop(0);
    }
    Authenticator late = authenticator(Map.of("glimpse.auth.jwt.keys", url(server)));
    ServingException unfetched =
        catchThrowableOfType(ServingException.class, () -> late.withToken(ISSUER.token(Map.of())));
    assertThat(unfetched.failure()).isEqualTo(Failure.NOT_READY);
    assertThat(unfetched.retryAfter()).hasValue(10);
  }

  @Test
  void settingsThatCannotWorkStopTheStart() throws IOException {
    assertThatThrownBy(() -> authenticator(Map.of("glimpse.auth.jwt.audience", "")))
        .hasMessageStartingWith("Set all of glimpse.auth.jwt.keys");
    assertThatThrownBy(
            () -> authenticator(Map.of("glimpse.auth.jwt.keys", "http://example.com/jwks")))
        .hasMessageContaining("must be an https:// address or the path of a file");
    assertThatThrownBy(
            () -> authenticator(Map.of("glimpse.auth.jwt.keys", "http://localhost.evil/jwks")))
        .hasMessageContaining("must be an https:// address or the path of a file");
    Path file = Files.writeString(folder.resolve("none.json"), "{\"keys\": []}");
    assertThatThrownBy(() -> authenticator(Map.of("glimpse.auth.jwt.keys", file.toString())))
        .hasMessageContaining("none of its keys is a public key");
    Files.writeString(file, "-----BEGIN");
    assertThatThrownBy(() -> authenticator(Map.of("glimpse.auth.jwt.keys", file.toString())))
        .hasMessageContaining("it holds no JSON Web Key Set");
  }

  private static void assertRefused(
      Authenticator authenticator, Map<String, Object> claims, String sentence) {
    assertThatThrownBy(() ->
            authenticator.withToken(ISSUER.signed(AlgorithmIdentifiers.RSA_USING_SHA256, claims)))
        .hasMessageEndingWith(sentence);
  }

  private static Map<String, Object> claims(String name, Object value) {
    Map<String, Object> claims = new HashMap<>(Issuer.claims());
    claims.put(name, value);
    claims.values().removeIf(java.util.Objects::isNull);
    return claims;
  }

  private Authenticator authenticator(Map<String, String> settings) throws IOException {
    Path keys = Files.writeString(folder.resolve("jwks.json"), ISSUER.keySet());
    Map<String, String> all = new HashMap<>(Issuer.settings(keys.toString()));
    all.putAll(settings);
    return new Authenticator(Configs.of(all), System::nanoTime);
  }

  private static HttpServer serve(AtomicInteger fetched) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jwks",
        exchange -> {
          fetched.incrementAndGet();
          byte[] keys = ISSUER.keySet().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:%d/jwks".formatted(server.getAddress().getPort());
  }
}
