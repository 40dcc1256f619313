package dev.glimpse.image;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** Binds native methods to the functions of a library of the system, or of our own. */
public final class NativeFunctions {

  private static final Logger LOG = Logger.getLogger(NativeFunctions.class);

  /**
   * {@code dlopen} with it fails if a library that this one needs is missing; otherwise the first
   * call of a function would end the process.
   */
  private static final int RTLD_NOW = 2;

  /** Made of {@code src/main/c} by the build, where there is a C compiler. */
  private static final String OWN = "glimpse_pixels";

  private NativeFunctions() {}

  /**
   * Loads our own library, and binds a class's native methods to the functions of the same names.
   *
   * @return whether the methods can be called; false without the library
   */
  public static boolean bindOwn(Class<?> methods) {
    try {
      Native.register(
          methods, NativeLibrary.getInstance(OWN, NativeFunctions.class.getClassLoader()));
      return true;
    } catch (LinkageError | RuntimeException e) {
      LOG.debugf("%s: %s", OWN, e.getMessage());
      return false;
    }
  }

  /**
   * Loads the first of these libraries that is installed, and binds a class's native methods to the
   * functions of the same names. The methods have {@code size_t} as {@code long}, so nothing is
   * bound where it is shorter.
   *
   * @param names such as {@code libwebp.so.7} or, with a development package, {@code webp}
   * @return whether the methods can be called
   */
  public static boolean bind(Class<?> methods, List<String> names) {
    for (String name : names) {
      try {
        if (Native.SIZE_T_SIZE == Long.BYTES) { // loads JNA's own library, which may be missing
          Native.register(
              methods,
              NativeLibrary.getInstance(name, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW)));
          return true;
        }
      } catch (LinkageError e) {
        LOG.debugf(e, "No %s", name);
      }
    }
    return false;
  }
}
