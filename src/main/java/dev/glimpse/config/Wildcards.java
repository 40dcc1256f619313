package dev.glimpse.config;

import io.smallrye.config.PropertyName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The default values of settings whose names have asterisks, by the words before the first one.
 * SmallRye Config has them in a hash map whose keys all have the same hash code, so that it
 * compares each name that has no value with all of them: at a start, some hundred names with some
 * hundred.
 */
final class Wildcards {

  private record Wildcard(String name, String value) {}

  /** By the map of a source, of which a start has few. */
  private static final Map<Map<?, ?>, Wildcards> OF_SOURCES =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private final Map<String, List<Wildcard>> byPrefix = new HashMap<>();
  private final int size;

  Wildcards(Map<PropertyName, String> values) {
    size = values.size();
    values.forEach((name, value) ->
        byPrefix
            .computeIfAbsent(prefix(name.getName()), none -> new ArrayList<>(1))
            .add(new Wildcard(name.getName(), value)));
  }

  /** Returns those of a source's map, to which some may have been added since. */
  static Wildcards of(Map<PropertyName, String> values) {
    return OF_SOURCES.compute(
        values,
        (map, known) ->
            known != null && known.size == values.size() ? known : new Wildcards(values));
  }

  /**
   * Returns the value of a name that equals the given one, by {@link PropertyName}'s rules, or
   * null.
   */
  @Nullable String value(String name) {
    @Nullable String value = of("", name);
    for (int dot = name.indexOf('.'); value == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
      value = of(name.substring(0, dot + 1), name);
    }
    return value;
  }

  private @Nullable String of(String prefix, String name) {
    for (Wildcard wildcard : byPrefix.getOrDefault(prefix, List.of())) {
      if (PropertyName.equals(wildcard.name, name)) {
        return wildcard.value;
      }
    }
    return null;
  }

  /** Returns the parts of a name before the first that may equal another: up to and with a dot. */
  private static String prefix(String name) {
    int special = 0;
    while (special < name.length() && !SettingNames.isSpecial(name.charAt(special))) {
      special++;
    }
    return name.substring(0, name.lastIndexOf('.', special) + 1);
  }
}
