package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.graalvm.nativeimage.hosted.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What src-native-config names is really there, in the versions that the build uses. */
class NativeConfigTest {

  private static final Path FOLDER = Path.of("src-native-config");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Map<String, Class<?>> PRIMITIVES =
      Stream.of(
              boolean.class,
              byte.class,
              char.class,
              short.class,
              int.class,
              long.class,
              float.class,
              double.class)
          .collect(Collectors.toMap(Class::getName, type -> type));

  /** A class's name as native code spells it, alone between two zeros. */
  private static final Pattern NAME_IN_LIBRARY =
      Pattern.compile("(?<=\\x00)(?:com/sun/jna|ai/onnxruntime|java)/[\\w$/]+(?=\\x00)");

  /** Without this, Quarkus has SIGUSR1 write the heap, with the admin token, into a file. */
  @Test
  void noSignalWritesTheHeap() throws IOException {
    Properties application = new Properties();
    try (Reader in =
        Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
      application.load(in);
    }
    assertThat(application.getProperty("quarkus.native.monitoring")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jni-config.json", "reflect-config.json"})
  void everyClassAndMemberIsThere(String file) throws Exception {
    JsonNode entries = MAPPER.readTree(FOLDER.resolve(file).toFile());
    assertThat(entries).isNotEmpty();
    for (JsonNode entry : entries) {
      Class<?> type = type(entry.get("name").asText());
      for (JsonNode field : entry.path("fields")) {
        assertThat(type.getDeclaredField(field.get("name").asText())).isNotNull();
      }
      for (JsonNode method : entry.path("methods")) {
        List<Class<?>> parameters = new ArrayList<>();
        for (JsonNode parameter : method.get("parameterTypes")) {
          parameters.add(type(parameter.asText()));
        }
        String name = method.get("name").asText();
        Class<?>[] types = parameters.toArray(Class<?>[]::new);
        assertThat(
                name.equals("<init>")
                    ? type.getDeclaredConstructor(types)
                    : type.getDeclaredMethod(name, types))
            .isNotNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ai/onnxruntime/native/linux-x64/libonnxruntime4j_jni.so",
        "/ai/onnxruntime/native/linux-aarch64/libonnxruntime4j_jni.so",
        "/com/sun/jna/linux-x86-64/libjnidispatch.so",
        "/com/sun/jna/linux-aarch64/libjnidispatch.so"
      })
  void everyClassThatNativeCodeLooksForIsNamed(String library) throws Exception {
    Set<String> named = new HashSet<>();
    MAPPER
        .readTree(FOLDER.resolve("jni-config.json").toFile())
        .forEach(entry -> named.add(entry.get("name").asText()));
    String code;
    try (InputStream in = getClass().getResourceAsStream(library)) {
      code = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    Set<String> sought =
        NAME_IN_LIBRARY
            .matcher(code)
            .results()
            .map(match -> match.group().replace('/', '.'))
            .filter(NativeConfigTest::exists)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(sought).hasSizeGreaterThan(10);
    assertThat(named).containsAll(sought);
  }

  @Test
  void everyResourceIsThere() throws Exception {
    JsonNode config = MAPPER.readTree(FOLDER.resolve("resource-config.json").toFile());
    for (JsonNode include : config.at("/resources/includes")) {
      String pattern = include.get("pattern").asText();
      String name = pattern.replace("\\Q", "").replace("\\E", "");
      assertThat(Pattern.matches(pattern, name)).isTrue();
      assertThat(getClass().getClassLoader().getResource(name)).as(name).isNotNull();
    }
  }

  private static String argument(String name) throws IOException {
    Properties properties = new Properties();
    try (var in = Files.newInputStream(FOLDER.resolve("native-image.properties"))) {
      properties.load(in);
    }
    return Arrays.stream(properties.getProperty("Args").split(" "))
        .filter(argument -> argument.startsWith(name))
        .map(argument -> argument.substring(name.length()))
        .collect(Collectors.joining(","));
  }

  @Test
  void everyFeatureIsThere() throws Exception {
    assertThat(type(argument("--features="))).isAssignableTo(Feature.class);
  }

  @Test
  void everyPackageThatIsInitialisedAtRunTimeIsThere() throws Exception {
    assertThat(argument("--initialize-at-run-time=").split(","))
        .containsExactly(
            "ai.onnxruntime",
            "ai.djl",
            "com.sun.jna",
            "sun.security.jgss.wrapper",
            "io.vertx.redis",
            "io.opentelemetry");
    type("io.opentelemetry.context.Context");
    type("io.vertx.redis.client.impl.types.BulkType");
    type("ai.onnxruntime.OrtEnvironment");
    type("ai.djl.engine.Engine");
    type("com.sun.jna.Native");
  }

  private static boolean exists(String name) {
    try {
      type(name);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    if (name.endsWith("[]")) {
      return type(name.substring(0, name.length() - 2)).arrayType();
    }
    Class<?> primitive = PRIMITIVES.get(name);
    return primitive != null
        ? primitive
        : Class.forName(name, false, NativeConfigTest.class.getClassLoader());
  }
}
