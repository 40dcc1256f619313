package dev.glimpse.support;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Lists the methods and addresses of all JAX-RS resources, as they are declared. */
public final class Endpoints {

  /**
   * An endpoint.
   *
   * @param path with a model and a version that the tests have in place of its parameters
   */
  public record Endpoint(String method, String path) {}

  private static final Set<Endpoint> ALL = read();

  private Endpoints() {}

  public static Set<Endpoint> all() {
    return ALL;
  }

  private static Set<Endpoint> read() {
    Set<Endpoint> all = new LinkedHashSet<>();
    for (JavaClass resource :
        new ClassFileImporter()
            .importPath(java.nio.file.Path.of("target/classes/dev/glimpse/api"))) {
      if (resource.isAnnotatedWith(Path.class)) {
        resource.getMethods().forEach(method -> add(resource, method, all));
      }
    }
    return all;
  }

  private static void add(JavaClass resource, JavaMethod method, Set<Endpoint> all) {
    method.getAnnotations().stream()
        .map(annotation -> annotation.getRawType().tryGetAnnotationOfType(HttpMethod.class))
        .flatMap(java.util.Optional::stream)
        .forEach(http -> all.add(new Endpoint(http.value(), path(resource, method))));
  }

  private static String path(JavaClass resource, JavaMethod method) {
    String path = resource.getAnnotationOfType(Path.class).value();
    if (method.isAnnotatedWith(Path.class)) {
      path += "/" + method.getAnnotationOfType(Path.class).value();
    }
    return ("/" + path)
        .replaceAll("\\{(model|name)(:[^}]*)?}", "colors")
        .replaceAll("\\{id}", "1")
        .replaceAll("\\{version(:[^}]*)?}", "1")
        .replaceAll("/{2,}", "/")
        .replaceAll("(.)/$", "$1");
  }
}
