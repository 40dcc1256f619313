package dev.glimpse.config;

import io.smallrye.config.ConfigMappingLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeReflection;

/**
 * Finds, while the native executable is built, what SmallRye Config would find by reflection at
 * each start: how each group of settings is created, and which settings and constraints it has.
 * {@code src-native-config/native-image.properties} names this class; on a JVM it is never loaded.
 */
public final class SettingGroupsFeature implements Feature {

  private static final String IMPLEMENTATION = "$$CMImpl";
  private static final String FILE = IMPLEMENTATION + ".class";

  @Override
  public void beforeAnalysis(BeforeAnalysisAccess access) {
    for (Path part : access.getApplicationClassPath()) {
      for (String name : groups(part)) {
        Class<?> group = access.findClassByName(name);
        Class<?> implementation = access.findClassByName(name + IMPLEMENTATION);
        if (group != null && implementation != null) {
          add(group, implementation);
        }
      }
    }
  }

  private static void add(Class<?> group, Class<?> implementation) {
    try {
      RuntimeReflection.register(implementation);
      RuntimeReflection.register(implementation.getDeclaredConstructors());
      RuntimeReflection.register(implementation.getDeclaredMethod("getProperties"));
      SettingGroups.add(group, implementation);
      // native-image keeps what class values hold when the executable is built.
      ConfigMappingLoader.getConfigMappingsMetadata(group);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("SmallRye Config's generated classes have changed", e);
    }
  }

  /** Returns the names of the groups whose implementations are in a jar. */
  private static List<String> groups(Path jar) {
    if (!Files.isRegularFile(jar)) {
      return List.of();
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(FILE))
          .map(name -> name.substring(0, name.length() - FILE.length()).replace('/', '.'))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
