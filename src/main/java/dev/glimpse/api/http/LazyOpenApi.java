package dev.glimpse.api.http;

import io.quarkus.arc.Unremovable;
import io.quarkus.smallrye.openapi.OpenApiFilter.RunStage;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.quarkus.smallrye.openapi.runtime.OpenApiRecorder;
import io.smallrye.openapi.runtime.io.Format;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the OpenAPI document on the first request for it. Quarkus builds it at startup: it reads
 * the document that was generated at build time and serializes it again, as JSON and as YAML, which
 * takes a native executable about 13 ms. The document is the same.
 *
 * <p>Quarkus has no setting for this, so the class writes {@link OpenApiConstants#classLoader}, a
 * static field of Quarkus' own; LazyOpenApiTest fails if a new version of Quarkus uses it
 * otherwise.
 */
@Alternative
@Priority(1)
@Singleton // a client proxy does not forward the package-private prepareDocument
@Unremovable
public class LazyOpenApi extends OpenApiDocumentService {

  /** Finds no resource, so that Quarkus holds an empty document at startup. */
  static final ClassLoader EMPTY_LOADER =
      new ClassLoader(null) {
        @Override
        public java.io.@Nullable InputStream getResourceAsStream(String name) {
          return null;
        }
      };

  private boolean built;

  /** Changes nothing in development mode, where Quarkus has already set a loader of its own. */
  @PostConstruct
  void deferDocument() {
    built = OpenApiConstants.classLoader != null;
    if (!built) {
      useLoader(EMPTY_LOADER);
    }
  }

  @Override
  public byte[] getDocument(String documentName, Format format) {
    synchronized (this) {
      if (!built) {
        useLoader(null); // the thread's context class loader
        build(documentName);
        built = true;
      }
    }
    return super.getDocument(documentName, format);
  }

  /** Resets the field for the next application in the same process, as in tests. */
  @PreDestroy
  void resetLoader() {
    if (!built) {
      useLoader(null);
    }
  }

  private static void useLoader(@Nullable ClassLoader loader) {
    OpenApiConstants.classLoader = loader;
  }

  private static void build(String documentName) {
    Map<RunStage, List<String>> noFilters = new HashMap<>(); // Glimpse's own ran at build time
    Arrays.asList(RunStage.values()).forEach(stage -> noFilters.put(stage, List.of()));
    new OpenApiRecorder(null, null).prepareDocument(null, noFilters, documentName);
  }
}
