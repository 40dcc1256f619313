package dev.glimpse.api.predict;

import dev.glimpse.pipeline.ClassificationResult;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** Says in the headers of a response in which language its labels are, for clients and caches. */
final class LabelLanguage {

  /** The name under which the OpenAPI document describes the header. */
  static final String HEADER = "ContentLanguage";

  private LabelLanguage() {}

  /** Sets the headers if the model has labels in several languages. */
  static void describe(RoutingContext context, ClassificationResult result) {
    result
        .language()
        .ifPresent(language ->
            context
                .response()
                .putHeader(HttpHeaders.CONTENT_LANGUAGE, language)
                .putHeader(HttpHeaders.VARY, "Accept-Language"));
  }
}
