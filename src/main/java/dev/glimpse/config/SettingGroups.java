package dev.glimpse.config;

import io.smallrye.config.ConfigMappingContext;
import io.smallrye.config.ConfigMappingLoader;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The classes that SmallRye Config generates for groups of settings, as the native executable has
 * found them when it was built. SmallRye has a method handle for each, which native-image resolves
 * at each start anew, by name.
 */
final class SettingGroups {

  private static final Map<Class<?>, Constructor<?>> CONSTRUCTORS = new HashMap<>();
  private static final Map<Class<?>, Method> PROPERTIES = new HashMap<>();

  private SettingGroups() {}

  /** Adds the class that implements a group. */
  static void add(Class<?> group, Class<?> implementation) throws NoSuchMethodException {
    Constructor<?> constructor = implementation.getDeclaredConstructor(ConfigMappingContext.class);
    constructor.setAccessible(true);
    CONSTRUCTORS.put(group, constructor);
    Method properties = implementation.getDeclaredMethod("getProperties");
    properties.setAccessible(true);
    PROPERTIES.put(group, properties);
  }

  /** Reads a group's settings. Throws what reading them throws. */
  static Object read(Class<?> group, ConfigMappingContext context) {
    Constructor<?> constructor = CONSTRUCTORS.get(group);
    try {
      return constructor == null
          ? ConfigMappingLoader.ensureLoaded(group).constructor().invoke(context)
          : constructor.newInstance(context);
    } catch (InvocationTargetException e) {
      throw unchecked(e.getCause());
    } catch (Throwable e) { // what a method handle throws
      throw unchecked(e);
    }
  }

  /** Returns the names of a group's settings, with their default values. */
  static Object properties(Class<?> group) {
    Method properties = PROPERTIES.get(group);
    try {
      return properties == null
          ? ConfigMappingLoader.ensureLoaded(group).getProperties().invoke()
          : properties.invoke(null);
    } catch (InvocationTargetException e) {
      throw unchecked(e.getCause());
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(@Nullable Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new UndeclaredThrowableException(thrown);
  }
}
