package dev.glimpse.api.predict;

import dev.glimpse.pipeline.ClassificationResult;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Says in the headers of a response in which language its labels are, for clients and caches. */
public final class LabelLanguage {

  /** The name under which the OpenAPI document describes the header. */
  public static final String HEADER = "ContentLanguage";

  private LabelLanguage() {}

  /** Sets the headers if the model has labels in several languages. */
  static void describe(RoutingContext context, ClassificationResult result) {
    describe(context, result.language());
  }

  /**
   * Sets the headers.
   *
   * @param labels the language of the labels; empty: the model has them in one only
   */
  public static void describe(RoutingContext context, Optional<String> labels) {
    labels.ifPresent(language ->
        context
            .response()
            .putHeader(HttpHeaders.CONTENT_LANGUAGE, language)
            .putHeader(HttpHeaders.VARY, "Accept-Language"));
  }
}
