package dev.glimpse.config;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lists the settings of {@link GlimpseConfig}, and finds the one that a mistyped name means. */
@RegisterForReflection(targets = GlimpseConfig.class, ignoreNested = false)
final class Settings {

  /** The root of all keys. */
  static final String ROOT = "glimpse";

  private Settings() {}

  /** Returns all settings, in no order. */
  static List<Setting> all() {
    List<Setting> settings = new ArrayList<>();
    collect(ROOT, GlimpseConfig.class, settings);
    return settings;
  }

  private static void collect(String prefix, Class<?> group, List<Setting> settings) {
    for (Method method : group.getMethods()) {
      String key =
          method.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + name(method);
      if (method.getGenericReturnType() instanceof ParameterizedType map
          && map.getRawType() == Map.class) {
        collect(key + ".<model>", (Class<?>) map.getActualTypeArguments()[1], settings);
      } else if (method.getReturnType().getEnclosingClass() == GlimpseConfig.class) {
        collect(key, method.getReturnType(), settings);
      } else {
        settings.add(new Setting(key, method));
      }
    }
  }

  private static String name(Method method) {
    WithName given = method.getAnnotation(WithName.class);
    return given != null
        ? given.value()
        : method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the name that is most like a mistyped one.
   *
   * @return empty if none is like it: more than a third of its letters would have to change
   */
  static Optional<String> nearest(String mistyped, List<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(mistyped, name)))
        .filter(name -> distance(mistyped, name) <= Math.max(2, mistyped.length() / 3));
  }

  /** Counts the letters to insert, delete or replace (Levenshtein's distance). */
  private static int distance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return previous[to.length()];
  }
}
