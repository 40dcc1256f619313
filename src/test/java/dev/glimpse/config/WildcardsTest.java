package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertyName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against the map that is searched in the executable no more; here, on a JVM, it is as it was. */
class WildcardsTest {

  private static final List<String> OF_NAMES =
      List.of("a", "b", "ab", "a[0]", "a[1]", "\"a.b\"", "\"a\"", "a-b", "a\\.b");
  private static final List<String> OF_WILDCARDS = List.of("*", "a[*]", "*[*]", "\"*\"");

  private final Random random = new Random(1);

  private String name(List<String> parts, int length) {
    return String.join(
        ".",
        IntStream.range(0, length).mapToObj(i -> parts.get(random.nextInt(parts.size()))).toList());
  }

  private String wildcard() {
    StringBuilder name = new StringBuilder(name(OF_NAMES, random.nextInt(3)));
    for (int i = random.nextInt(2); i >= 0; i--) {
      name.append(name.isEmpty() ? "" : ".").append(name(OF_WILDCARDS, 1));
      int more = random.nextInt(2);
      name.append(more == 0 ? "" : ".").append(name(OF_NAMES, more));
    }
    return name.toString();
  }

  @Test
  void aNameHasTheValueOfAWildcardThatItEquals() {
    int found = 0;
    int missed = 0;
    for (int round = 0; round < 2_000; round++) {
      Map<PropertyName, String> values = new HashMap<>();
      for (int i = random.nextInt(20); i >= 0; i--) {
        values.putIfAbsent(new PropertyName(wildcard()), "value " + i);
      }
      Wildcards wildcards = Wildcards.of(values);
      assertThat(Wildcards.of(values)).isSameAs(wildcards);
      for (int i = 0; i < 50; i++) {
        String name = name(OF_NAMES, 1 + random.nextInt(4));
        List<String> expected =
            values.entrySet().stream()
                .filter(entry -> PropertyName.equals(entry.getKey().getName(), name))
                .map(Map.Entry::getValue)
                .toList();
        String value = wildcards.value(name);
        if (expected.isEmpty()) {
          assertThat(value).as("%s of %s", name, values).isNull();
          missed++;
        } else {
          assertThat(value).as("%s of %s", name, values).isIn(expected);
          found++;
        }
      }
    }
    assertThat(found).isGreaterThan(1_000);
    assertThat(missed).isGreaterThan(1_000);
  }

  @Test
  void laterOnesAreFoundToo() {
    Map<PropertyName, String> values = new HashMap<>(Map.of(new PropertyName("a.*"), "1"));
    assertThat(Wildcards.of(values).value("b.c")).isNull();
    values.put(new PropertyName("b.*"), "2");
    assertThat(Wildcards.of(values).value("b.c")).isEqualTo("2");
  }
}
