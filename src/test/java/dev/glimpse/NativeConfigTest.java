package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What src-native-config names is really there, in the versions that the build uses. */
class NativeConfigTest {

  private static final Path FOLDER = Path.of("src-native-config");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Map<String, Class<?>> PRIMITIVES =
      Map.of("int", int.class, "long", long.class, "boolean", boolean.class);

  @ParameterizedTest
  @ValueSource(strings = {"jni-config.json", "reflect-config.json"})
  void everyClassAndConstructorIsThere(String file) throws Exception {
    JsonNode entries = MAPPER.readTree(FOLDER.resolve(file).toFile());
    assertThat(entries).isNotEmpty();
    for (JsonNode entry : entries) {
      Class<?> type = type(entry.get("name").asText());
      for (JsonNode method : entry.path("methods")) {
        assertThat(method.get("name").asText()).isEqualTo("<init>");
        List<Class<?>> parameters = new ArrayList<>();
        for (JsonNode parameter : method.get("parameterTypes")) {
          parameters.add(type(parameter.asText()));
        }
        assertThat(type.getDeclaredConstructors())
            .as("constructors of %s", type)
            .extracting(Constructor::getParameterTypes)
            .anyMatch(types -> Arrays.asList(types).equals(parameters));
      }
    }
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

  @Test
  void everyPackageThatIsInitialisedAtRunTimeIsThere() throws Exception {
    Properties properties = new Properties();
    try (var in = Files.newInputStream(FOLDER.resolve("native-image.properties"))) {
      properties.load(in);
    }
    String packages = properties.getProperty("Args").replace("--initialize-at-run-time=", "");
    assertThat(packages.split(","))
        .containsExactly("ai.onnxruntime", "ai.djl", "com.sun.jna", "sun.security.jgss.wrapper");
    type("ai.onnxruntime.OrtEnvironment");
    type("ai.djl.engine.Engine");
    type("com.sun.jna.Native");
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
