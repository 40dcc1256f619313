package dev.glimpse.config;

import dev.glimpse.failure.EditDistance;
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
@RegisterForReflection(
    targets = {
      AdminConfig.class,
      AuthConfig.class,
      BatchConfig.class,
      BatchingConfig.class,
      CacheConfig.class,
      CallbackConfig.class,
      DeadlineConfig.class,
      DrainConfig.class,
      EngineConfig.class,
      EventFileConfig.class,
      EventQueueConfig.class,
      EventsConfig.class,
      ExplainConfig.class,
      GlimpseConfig.class,
      GrpcConfig.class,
      HttpConfig.class,
      ImageConfig.class,
      JwtConfig.class,
      LiveConfig.class,
      LogConfig.class,
      ManagementConfig.class,
      MemoryConfig.class,
      ModelsConfig.class,
      OtlpConfig.class,
      PageConfig.class,
      QueueConfig.class,
      RedisConfig.class,
      RepositoryConfig.class,
      ResultsConfig.class,
      ServingConfig.class,
      UrlConfig.class,
      VertexConfig.class,
      WorkersConfig.class
    },
    ignoreNested = false)
final class Settings {

  /** The root of all keys. */
  static final String ROOT = "glimpse";

  /** Read while an executable is built, not at its start. */
  private static final List<Setting> ALL = collect();

  private Settings() {}

  /** Returns all settings, in no order. */
  static List<Setting> all() {
    return ALL;
  }

  private static List<Setting> collect() {
    List<Setting> settings = new ArrayList<>();
    collect(ROOT, GlimpseConfig.class, settings);
    return List.copyOf(settings);
  }

  private static void collect(String prefix, Class<?> group, List<Setting> settings) {
    for (Method method : group.getMethods()) {
      String key =
          method.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + name(method);
      if (method.getGenericReturnType() instanceof ParameterizedType map
          && map.getRawType() == Map.class) {
        collect(key + ".<model>", (Class<?>) map.getActualTypeArguments()[1], settings);
      } else if (isGroup(method.getReturnType())) {
        collect(key, method.getReturnType(), settings);
      } else {
        settings.add(new Setting(key, method));
      }
    }
  }

  /** Returns whether a type is a group of settings: an interface of this package. */
  static boolean isGroup(Class<?> type) {
    return type.isInterface() && type.getPackageName().equals(Settings.class.getPackageName());
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
        .min(Comparator.comparingInt(name -> EditDistance.of(mistyped, name)))
        .filter(name -> EditDistance.of(mistyped, name) <= Math.max(2, mistyped.length() / 3));
  }
}
