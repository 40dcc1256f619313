package dev.glimpse.config;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.runtime.configuration.NameIterator;
import io.quarkus.runtime.configuration.PropertiesUtil;
import io.smallrye.config.ConfigMappingContext;
import io.smallrye.config.ConfigMappingLoader;
import io.smallrye.config.DefaultValuesConfigSource;
import io.smallrye.config.PropertyName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frameworks compare names of settings by {@link SettingNames}, in the native executable
 * only: in a profile they took a fifth of the main thread's time in user mode. On a JVM these
 * classes are never loaded.
 */
final class SettingNamesSubstitutions {

  private SettingNamesSubstitutions() {}

  /** SmallRye's comparison of whole names, which looks up each default value. */
  @TargetClass(PropertyName.class)
  static final class Names {

    private Names() {}

    /** Compares two names, as the method that it replaces. */
    @Substitute
    public static boolean equals(String name, String other) {
      return SettingNames.mayEqual(name, other)
          && (equalsInternal(name, 0, name.length(), other, 0, other.length())
              || equalsInternal(other, 0, other.length(), name, 0, name.length()));
    }

    @Alias
    private static native boolean equalsInternal(
        String name, int offset, int length, String other, int otherOffset, int otherLength);
  }

  /** Quarkus's search for settings that no mapping has, part by part. */
  @TargetClass(PropertiesUtil.class)
  static final class Parts {

    private Parts() {}

    /** Compares the next part of a name, as the method that it replaces. */
    @Substitute
    public static boolean isMapped(NameIterator name, String part) {
      return SettingNames.isNext(name, part);
    }
  }

  /** SmallRye's default values. */
  @TargetClass(DefaultValuesConfigSource.class)
  @SuppressWarnings("NullAway.Init") // the fields are the class's that this one stands for
  static final class Defaults {

    @Alias private Map<String, String> properties;
    @Alias private Map<PropertyName, String> wildcards;
    @Alias private boolean hasProfiledName;

    private Defaults() {}

    /** Returns a name's default value or null, as the method that it replaces. */
    @Substitute
    public @Nullable String getValue(String name) {
      if (!hasProfiledName && name.startsWith("%")) {
        return null;
      }
      @Nullable String value = properties.get(name);
      if (value != null || wildcards.isEmpty()) {
        return value;
      }
      if (name.indexOf('*') >= 0) {
        return wildcards.get(new PropertyName(name));
      }
      return Wildcards.of(wildcards).value(name);
    }
  }

  /** SmallRye's groups of settings. */
  @TargetClass(ConfigMappingLoader.class)
  static final class Groups {

    private Groups() {}

    /** Reads a group's settings, as the method that it replaces. */
    @Substitute
    static Object configMappingObject(Class<?> group, ConfigMappingContext context) {
      return SettingGroups.read(group, context);
    }

    /** Returns a group's names and default values, as the method that it replaces. */
    @Substitute
    static Map<?, ?> configMappingProperties(Class<?> group) {
      return (Map<?, ?>) SettingGroups.properties(group);
    }
  }
}
