package dev.glimpse.api.access;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * Writes into the OpenAPI document that a request may carry a key or a token, so that generated
 * clients can send one. It need not, as whether one is needed is a setting. Runs when the
 * application is built.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApiSecurity implements OASFilter {

  private static final String BEARER = "bearer";
  private static final String KEY = "key";

  @Override
  public void filterOpenAPI(OpenAPI document) {
    document
        .getComponents()
        .addSecurityScheme(
            BEARER,
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description("A key of glimpse.auth.keys, or a token of glimpse.auth.jwt"))
        .addSecurityScheme(
            KEY,
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.APIKEY)
                .in(SecurityScheme.In.HEADER)
                .name(Credential.KEY_HEADER)
                .description("The same, for clients that cannot set Authorization"));
    document
        .addSecurityRequirement(OASFactory.createSecurityRequirement())
        .addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(BEARER))
        .addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(KEY));
  }
}
