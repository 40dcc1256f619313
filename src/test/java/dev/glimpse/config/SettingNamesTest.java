package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.NameIterator;
import io.quarkus.runtime.configuration.PropertiesUtil;
import io.smallrye.config.PropertyName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Against the methods that are replaced in the executable; here, on a JVM, they are as they were.
 */
class SettingNamesTest {

  private static final List<String> PARTS =
      List.of(
          "a", "b", "ab", "abc", "*", "a[0]", "a[1]", "a[*]", "\"a.b\"", "\"a\"", "\"\"", "*[*]",
          "a-b", "\"*\"", "a\\.b");

  private final Random random = new Random(1);

  private String part() {
    return PARTS.get(random.nextInt(PARTS.size()));
  }

  private String name() {
    List<String> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      parts.add(part());
    }
    return String.join(".", parts);
  }

  @Test
  void namesThatAreEqualMayBe() {
    int equal = 0;
    int told = 0;
    for (int i = 0; i < 200_000; i++) {
      String one = name();
      String other = name();
      boolean may = SettingNames.mayEqual(one, other);
      if (PropertyName.equals(one, other)) {
        assertThat(may).as("%s and %s", one, other).isTrue();
        equal++;
      } else if (!may) {
        told++;
      }
    }
    assertThat(equal).isGreaterThan(1000);
    assertThat(told).as("told apart at once").isGreaterThan(20_000);
  }

  @Test
  void aNextPartIsFoundAsQuarkusFindsIt() {
    int mapped = 0;
    for (int i = 0; i < 200_000; i++) {
      String name = name();
      String part = part().replace(".", "");
      for (NameIterator at = new NameIterator(name); at.hasNext(); at.next()) {
        boolean expected = PropertiesUtil.isMapped(at, part);
        assertThat(SettingNames.isNext(at, part))
            .as("%s in %s from %d", part, name, at.getPosition())
            .isEqualTo(expected);
        mapped += expected ? 1 : 0;
      }
    }
    assertThat(mapped).isGreaterThan(1000);
  }
}
