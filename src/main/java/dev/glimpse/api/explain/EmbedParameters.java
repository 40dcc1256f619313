package dev.glimpse.api.explain;

import dev.glimpse.api.http.MultipartForm;
import dev.glimpse.api.predict.ImageRequestBody;
import dev.glimpse.api.predict.ParameterNames;
import dev.glimpse.api.predict.PredictParameters;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.ModelName;
import dev.glimpse.config.VersionNumber;
import dev.glimpse.explain.EmbeddingRequest;
import dev.glimpse.pipeline.ClassificationRequest;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.QueryParam;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Holds the parameters of {@code /embed} as text: from a query, a form, or JSON. */
public record EmbedParameters(
    @QueryParam("normalize")
        @Pattern(regexp = "true|false", message = "must be true or false")
        @Parameter(
            description = "Whether the vector is divided by its length (L2), for dot products",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
        @Nullable String normalize,
    @QueryParam("model")
        @Pattern(regexp = ModelName.PATTERN, message = "must be " + ModelName.WORDS)
        @Parameter(description = "Which model to ask; left out, the default model")
        @Nullable String model,
    @QueryParam("version")
        @Pattern(regexp = VersionNumber.PATTERN, message = "must be " + VersionNumber.WORDS)
        @Parameter(
            description = "Which version of the model; left out, the highest",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
        @Nullable String version,
    @QueryParam("page")
        @Pattern(regexp = PredictParameters.PAGE, message = PredictParameters.PAGE_WORDS)
        @Parameter(
            description = "Which page of a TIFF image; left out, 0, which is the first",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
        @Nullable String page)
    implements ImageRequestBody.Parameters<EmbedParameters> {

  private static final List<String> NAMES = List.of("normalize", "model", "version", "page");

  /** Refuses names of parameters that are nearly right. */
  static void requireKnown(Collection<String> names) {
    ParameterNames.requireKnown(names, NAMES);
  }

  /** Returns the parameters in a form's fields. */
  static EmbedParameters of(MultipartForm form) {
    Map<String, String> fields = form.fields();
    requireKnown(fields.keySet());
    return new EmbedParameters(
        fields.get("normalize"), fields.get("model"), fields.get("version"), fields.get("page"));
  }

  @Override
  public EmbedParameters orElse(EmbedParameters others) {
    return new EmbedParameters(
        normalize != null ? normalize : others.normalize,
        model != null ? model : others.model,
        version != null ? version : others.version,
        page != null ? page : others.page);
  }

  @Override
  public ClassificationRequest request(Bytes image, @Nullable String acceptLanguage) {
    return PredictParameters.of(model, version, null, page).request(image, acceptLanguage);
  }

  /** Returns the request that these ask for; they must be valid. */
  EmbeddingRequest request(ClassificationRequest image) {
    return new EmbeddingRequest(image, normalize != null && normalize.equals("true"));
  }
}
