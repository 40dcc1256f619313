package dev.glimpse.api.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.media.Schema;

/**
 * Leaves a reference in the OpenAPI document without a type beside it, which the schema that it
 * refers to has: OpenAPI 3.1 allows it, and Python's generated clients break over it. Runs when the
 * application is built.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApiRefFilter implements OASFilter {

  @Override
  public Schema filterSchema(Schema schema) {
    if (schema.getRef() != null) {
      schema.setType(null);
    }
    return schema;
  }
}
