package dev.glimpse.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Serves the tiny models to callers with a key, or a token of a test's issuer. */
public class GuardedModels implements QuarkusTestProfile {

  public static final String PREDICT = "key-of-one-who-may-predict";
  public static final String OBSERVE = "key-of-one-who-may-observe";
  public static final String ADMIN = "key-of-an-administrator";
  public static final String ADMIN_TOKEN = "sesame-open-sesame-open";

  /** Shared by the test and its service, whose class loaders may each have loaded this class. */
  private static final Path FOLDER = Path.of("target/guarded").toAbsolutePath();

  private static final Path KEYS = FOLDER.resolve("keys.txt");

  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      Files.createDirectories(FOLDER);
      writeKeys("");
      Path keySet = FOLDER.resolve("jwks.json");
      writeTokens(keySet, new Issuer());
      Map<String, String> settings = new HashMap<>(new ColorModels().getConfigOverrides());
      settings.putAll(Issuer.settings(keySet.toString()));
      settings.put("glimpse.auth.keys", KEYS.toString());
      settings.put("glimpse.admin.token", ADMIN_TOKEN);
      settings.put("glimpse.vertex.health-route", "/vertex/health");
      settings.put("glimpse.vertex.predict-route", "/vertex/predict");
      settings.put("quarkus.swagger-ui.enabled", "true");
      settings.put("glimpse.results.enabled", "true");
      settings.put("glimpse.results.max-images", "20");
      settings.put("glimpse.results.max-bytes", "1M");
      settings.put("glimpse.results.callback.secret", "a-secret-of-the-receiver");
      settings.put("glimpse.results.callback.hosts", "127.0.0.1");
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces the file of keys by the usual ones and one more. */
  public static void writeKeys(String more) throws IOException {
    Path next =
        Files.writeString(
            FOLDER.resolve("next.txt"),
            "predictor %s\nobserver %s observe\nroot %s admin\n%s"
                .formatted(hash(PREDICT), hash(OBSERVE), hash(ADMIN), more));
    Files.move(next, KEYS, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns the SHA-256 of a key, in hexadecimal. */
  public static String hash(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void writeTokens(Path keySet, Issuer issuer) throws IOException {
    Files.writeString(keySet, issuer.keySet());
    Files.write(FOLDER.resolve("good.txt"), List.of(issuer.token(Map.of("scope", "predict"))));
    Files.write(FOLDER.resolve("forged.txt"), issuer.forgeries());
    long now = System.currentTimeMillis() / 1000;
    Map<String, Object> scope = Map.of("scope", "admin observe predict");
    Files.write(
        FOLDER.resolve("void.txt"),
        List.of(
            issuer.token(with(scope, "exp", now - 60)),
            issuer.token(with(scope, "nbf", now + 600)),
            issuer.token(with(scope, "iss", "https://other.test")),
            issuer.token(with(scope, "iss", Issuer.NAME + "/")),
            issuer.token(with(scope, "aud", "another-service")),
            issuer.token(with(scope, "aud", List.of("a", "b"))),
            issuer.token(with(scope, "exp", "never"))));
  }

  private static Map<String, Object> with(Map<String, Object> claims, String name, Object value) {
    Map<String, Object> changed = new HashMap<>(claims);
    changed.put(name, value);
    return changed;
  }

  /** Returns a token whose caller may predict. */
  public static String token() throws IOException {
    return Files.readString(FOLDER.resolve("good.txt")).strip();
  }

  /** Returns tokens that are not signed with the issuer's key. */
  public static List<String> forgedTokens() throws IOException {
    return Files.readAllLines(FOLDER.resolve("forged.txt"));
  }

  /** Returns tokens that the issuer has signed, and that do not count here, or not now. */
  public static List<String> voidTokens() throws IOException {
    return Files.readAllLines(FOLDER.resolve("void.txt"));
  }
}
