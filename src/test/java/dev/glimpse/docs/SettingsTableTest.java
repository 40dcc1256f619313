package dev.glimpse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.support.Documents;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/configuration.md lists the settings of {@link GlimpseConfig}, with their defaults. */
class SettingsTableTest {

  @Test
  void theTableListsEverySettingWithItsDefault() throws Exception {
    Map<String, String> documented = new TreeMap<>();
    Pattern row = Pattern.compile("\\| `(glimpse\\.[a-z.<>-]+)` \\| (?:`([^`]*)`)? *\\| .+ \\|");
    row.matcher(Documents.text())
        .results()
        .forEach(r -> documented.put(r.group(1), String.valueOf(r.group(2))));

    Map<String, String> real = new TreeMap<>();
    collect("glimpse", GlimpseConfig.class, real);
    assertThat(documented).isEqualTo(real);
  }

  private static void collect(String prefix, Class<?> type, Map<String, String> settings) {
    for (Method member : type.getMethods()) {
      WithName given = member.getAnnotation(WithName.class);
      String name =
          given != null
              ? given.value()
              : member.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      String key = member.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + name;
      if (member.getGenericReturnType() instanceof ParameterizedType map
          && map.getRawType() == Map.class) {
        collect(key + ".<model>", (Class<?>) map.getActualTypeArguments()[1], settings);
      } else if (isGroup(member.getReturnType())) {
        collect(key, member.getReturnType(), settings);
      } else {
        WithDefault value = member.getAnnotation(WithDefault.class);
        settings.put(key, value == null ? "null" : value.value());
      }
    }
  }

  private static boolean isGroup(Class<?> type) {
    return type.isInterface() && type.getPackage() == GlimpseConfig.class.getPackage();
  }
}
