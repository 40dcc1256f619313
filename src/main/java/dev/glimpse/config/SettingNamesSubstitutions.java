package dev.glimpse.config;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.runtime.configuration.NameIterator;
import io.quarkus.runtime.configuration.PropertiesUtil;
import io.smallrye.config.PropertyName;

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
}
