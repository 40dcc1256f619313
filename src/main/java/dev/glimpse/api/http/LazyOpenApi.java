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
 * Makes the OpenAPI document when it is first asked for. Quarkus makes it while it starts: reads
 * what was generated at build time and writes it anew, as JSON and as YAML, which takes a native
 * executable some 13 ms. What is made is the same.
 */
@Alternative
@Priority(1)
@Singleton // a client proxy has no say in what Quarkus keeps private to its package
@Unremovable
public class LazyOpenApi extends OpenApiDocumentService {

  /** Holds no document, so that Quarkus finds none when it starts. */
  private static final ClassLoader NOTHING =
      new ClassLoader(null) {
        @Override
        public java.io.@Nullable InputStream getResourceAsStream(String name) {
          return null;
        }
      };

  private boolean made;

  /** In development mode Quarkus has set a loader of its own by now, and everything is as usual. */
  @PostConstruct
  void findNothingYet() {
    made = OpenApiConstants.classLoader != null;
    if (!made) {
      useLoader(NOTHING);
    }
  }

  @Override
  public byte[] getDocument(String documentName, Format format) {
    synchronized (this) {
      if (!made) {
        useLoader(null); // the usual one
        make(documentName);
        made = true;
      }
    }
    return super.getDocument(documentName, format);
  }

  /** Another application in the same process begins where this one did. */
  @PreDestroy
  void leaveAsItWas() {
    if (!made) {
      useLoader(null);
    }
  }

  private static void useLoader(@Nullable ClassLoader loader) {
    OpenApiConstants.classLoader = loader;
  }

  private static void make(String documentName) {
    Map<RunStage, List<String>> noFilters = new HashMap<>(); // ours ran at build time
    Arrays.asList(RunStage.values()).forEach(stage -> noFilters.put(stage, List.of()));
    new OpenApiRecorder(null, null).prepareDocument(null, noFilters, documentName);
  }
}
