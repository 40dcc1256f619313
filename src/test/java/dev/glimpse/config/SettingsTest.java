package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingsTest {

  /** In a native executable, the methods of a group that is not registered cannot be listed. */
  @Test
  void everyGroupIsRegisteredForReflection() {
    Set<String> groups = new TreeSet<>();
    collect(GlimpseConfig.class, groups);

    List<Class<?>> registered =
        List.of(Settings.class.getAnnotation(RegisterForReflection.class).targets());
    assertThat(groups).contains(HttpConfig.class.getName(), BatchingConfig.class.getName());
    assertThat(registered).extracting(Class::getName).containsExactlyElementsOf(groups);
  }

  private static void collect(Class<?> group, Set<String> groups) {
    groups.add(group.getName());
    for (Method method : group.getMethods()) {
      typesIn(method.getGenericReturnType())
          .filter(Settings::isGroup)
          .forEach(type -> collect(type, groups));
    }
  }

  /** Returns the classes that a type is made of. */
  private static Stream<Class<?>> typesIn(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      return Arrays.stream(parameterized.getActualTypeArguments()).flatMap(SettingsTest::typesIn);
    }
    return Stream.of((Class<?>) type);
  }
}
