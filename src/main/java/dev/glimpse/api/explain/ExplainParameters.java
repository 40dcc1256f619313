package dev.glimpse.api.explain;

import dev.glimpse.api.http.AcceptHeader;
import dev.glimpse.api.http.MultipartForm;
import dev.glimpse.api.predict.ImageRequestBody;
import dev.glimpse.api.predict.ParameterNames;
import dev.glimpse.api.predict.PredictParameters;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.ModelName;
import dev.glimpse.config.VersionNumber;
import dev.glimpse.explain.ExplanationRequest;
import dev.glimpse.explain.Method;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationRequest;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Holds the parameters of {@code /explain} as text: from a query, a form, or JSON. */
public record ExplainParameters(
    @QueryParam("class")
        @Size(
            max = ExplainParameters.MOST_LABEL_CHARACTERS,
            message = "must have at most 256 characters")
        @Parameter(
            description =
                "Which class to explain, by its index or by its label in any language of the model;"
                    + " left out, the best one")
        @Nullable String ofClass,
    @QueryParam("method")
        @Pattern(regexp = Method.PATTERN, message = "must be " + Method.WORDS)
        @Parameter(
            description =
                "How to find the parts of the image: by the class activation map (cam), by hiding"
                    + " one part after the other (occlusion), or random ones (rise); auto is cam"
                    + " where the graph has such maps, and rise elsewhere",
            schema =
                @Schema(
                    type = SchemaType.STRING,
                    enumeration = {"auto", "cam", "occlusion", "rise"},
                    defaultValue = "auto"))
        @Nullable String method,
    @QueryParam("format")
        @Pattern(regexp = "json|png", message = "must be json or png")
        @Parameter(
            description =
                "json for the map's numbers, or png for the map over the image; left out, png where"
                    + " the Accept header prefers image/png, and json elsewhere",
            schema =
                @Schema(
                    type = SchemaType.STRING,
                    enumeration = {"json", "png"}))
        @Nullable String format,
    @QueryParam("size")
        @Pattern(
            regexp = "6[4-9]|[7-9][0-9]|[1-9][0-9]{2}|10[01][0-9]|102[0-4]",
            message = "must be a whole number from 64 to 1024")
        @Parameter(
            description = "The longer side of the PNG, in pixels",
            schema =
                @Schema(
                    type = SchemaType.INTEGER,
                    minimum = "64",
                    maximum = "1024",
                    defaultValue = "512"))
        @Nullable String size,
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
    @QueryParam("lang")
        @Pattern(regexp = PredictParameters.LANGUAGE, message = PredictParameters.LANGUAGE_WORDS)
        @Parameter(
            description =
                "The language of the label, one that the model has; left out, by Accept-Language",
            schema = @Schema(type = SchemaType.STRING, examples = "zh"))
        @Nullable String lang,
    @QueryParam("page")
        @Pattern(regexp = PredictParameters.PAGE, message = PredictParameters.PAGE_WORDS)
        @Parameter(
            description = "Which page of a TIFF image; left out, 0, which is the first",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
        @Nullable String page)
    implements ImageRequestBody.Parameters<ExplainParameters> {

  public static final int MOST_LABEL_CHARACTERS = 256;

  private static final int USUAL_SIDE = 512;

  private static final List<String> NAMES =
      List.of("class", "method", "format", "size", "model", "version", "lang", "page");

  /** Refuses names of parameters that are nearly right. */
  static void requireKnown(Collection<String> names) {
    ParameterNames.requireKnown(names, NAMES);
  }

  /** Returns the parameters in a form's fields. */
  static ExplainParameters of(MultipartForm form) {
    Map<String, String> fields = form.fields();
    requireKnown(fields.keySet());
    return new ExplainParameters(
        fields.get("class"),
        fields.get("method"),
        fields.get("format"),
        fields.get("size"),
        fields.get("model"),
        fields.get("version"),
        fields.get("lang"),
        fields.get("page"));
  }

  @Override
  public ExplainParameters orElse(ExplainParameters others) {
    return new ExplainParameters(
        ofClass != null ? ofClass : others.ofClass,
        method != null ? method : others.method,
        format != null ? format : others.format,
        size != null ? size : others.size,
        model != null ? model : others.model,
        version != null ? version : others.version,
        lang != null ? lang : others.lang,
        page != null ? page : others.page);
  }

  @Override
  public ClassificationRequest request(Bytes image, @Nullable String acceptLanguage) {
    return PredictParameters.of(model, version, lang, page).request(image, acceptLanguage);
  }

  /**
   * Returns the request that these ask for; they must be valid.
   *
   * @throws ServingException NOT_ACCEPTABLE if {@code format} is of a type that is not accepted
   */
  ExplanationRequest request(ClassificationRequest image, AcceptHeader accept) {
    int side = size == null ? USUAL_SIDE : Integer.parseInt(size);
    return new ExplanationRequest(
        image,
        Optional.ofNullable(ofClass),
        method == null ? Method.AUTO : Method.of(method).orElseThrow(),
        isPng(accept) ? OptionalInt.of(side) : OptionalInt.empty());
  }

  private boolean isPng(AcceptHeader accept) {
    if (format == null) {
      return accept.prefers(ExplainResource.PNG, MediaType.APPLICATION_JSON);
    }
    boolean png = format.equals("png");
    String type = png ? ExplainResource.PNG : MediaType.APPLICATION_JSON;
    if (!accept.accepts(type)) {
      throw new ServingException(
          Failure.NOT_ACCEPTABLE,
          "The format is %s, but the Accept header does not accept %s; leave one of both out."
              .formatted(format, type));
    }
    return png;
  }
}
