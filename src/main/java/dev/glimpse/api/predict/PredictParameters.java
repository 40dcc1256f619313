package dev.glimpse.api.predict;

import dev.glimpse.api.http.MultipartForm;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.ModelName;
import dev.glimpse.config.VersionNumber;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Holds the parameters of {@code /predict} as text: from a query, a form, or JSON. Text, because
 * JAX-RS answers a value that is not a number with 404.
 */
public record PredictParameters(
    @QueryParam("top_k")
        @Pattern(regexp = "[1-9][0-9]{0,5}", message = "must be a whole number from 1 up")
        @Parameter(
            description =
                "How many classes to name, best first, at most the model's number of classes; left"
                    + " out, five, or all where there are fewer",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
        @Nullable String topK,
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
                "The language of the labels, one that the model has; left out, by Accept-Language",
            schema = @Schema(type = SchemaType.STRING, examples = "zh"))
        @Nullable String lang,
    @QueryParam("page")
        @Pattern(regexp = PredictParameters.PAGE, message = PredictParameters.PAGE_WORDS)
        @Parameter(
            description =
                "Which page of a TIFF image, as Pillow's seek counts them; left out, 0, which is"
                    + " the first",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
        @Nullable String page,
    @QueryParam("threshold")
        @Pattern(regexp = ScoreParameters.THRESHOLD, message = ScoreParameters.THRESHOLD_WORDS)
        @Parameter(
            description =
                "The score of the best class below which the answer is uncertain; left out, as the"
                    + " model's files say",
            schema = @Schema(type = SchemaType.NUMBER, minimum = "0", maximum = "1"))
        @Nullable String threshold,
    @QueryParam("labels")
        @Pattern(regexp = ScoreParameters.LABELS, message = ScoreParameters.LABELS_WORDS)
        @Parameter(
            description =
                "The only classes to name, by labels or indices, separated by commas; left out,"
                    + " all",
            schema = @Schema(type = SchemaType.STRING, examples = "daisy,roses"))
        @Nullable String labels,
    @QueryParam("renormalize")
        @Pattern(regexp = ScoreParameters.BOOLEAN, message = ScoreParameters.BOOLEAN_WORDS)
        @Parameter(
            description =
                "Whether the scores of these labels add up to 1, as if the model had no other"
                    + " classes; left out, false",
            schema = @Schema(type = SchemaType.BOOLEAN))
        @Nullable String renormalize)
    implements ImageRequestBody.Parameters<PredictParameters> {

  public static final String LANGUAGE = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}";
  public static final String LANGUAGE_WORDS = "must be a language tag such as en or zh";
  public static final String PAGE = "0|[1-9][0-9]{0,5}";
  public static final String PAGE_WORDS =
      "must be a whole number from 0, the first page, up to 999999";

  /** Returns the parameters in a form's fields. */
  static PredictParameters of(MultipartForm form) {
    ParameterNames.requireKnown(form.fields().keySet());
    return of(name -> form.fields().get(name));
  }

  /**
   * Returns parameters that have not been validated.
   *
   * @param values returns the value of a parameter by its name; null if it is left out
   */
  static PredictParameters of(Values values) {
    return new PredictParameters(
        values.get("top_k"),
        values.get("model"),
        values.get("version"),
        values.get("lang"),
        values.get("page"),
        values.get("threshold"),
        values.get("labels"),
        values.get("renormalize"));
  }

  /** Returns the value of a parameter by its name; null if it is left out. */
  interface Values {
    @Nullable String get(String name);
  }

  /** Returns parameters that only choose a model, a language and a page. */
  public static PredictParameters of(
      @Nullable String model,
      @Nullable String version,
      @Nullable String lang,
      @Nullable String page) {
    return new PredictParameters(null, model, version, lang, page, null, null, null);
  }

  @Override
  public PredictParameters orElse(PredictParameters others) {
    return new PredictParameters(
        topK != null ? topK : others.topK,
        model != null ? model : others.model,
        version != null ? version : others.version,
        lang != null ? lang : others.lang,
        page != null ? page : others.page,
        threshold != null ? threshold : others.threshold,
        labels != null ? labels : others.labels,
        renormalize != null ? renormalize : others.renormalize);
  }

  @Override
  public ClassificationRequest request(Bytes image, @Nullable String acceptLanguage) {
    return new ClassificationRequest(
            image,
            Optional.ofNullable(model),
            Optional.ofNullable(version).map(Integer::valueOf),
            new ClassificationOptions(
                Optional.ofNullable(topK).map(Integer::valueOf),
                Optional.ofNullable(lang),
                AcceptLanguage.parse(acceptLanguage),
                ScoreParameters.read(threshold, labels, renormalize)))
        .withPage(page == null ? 0 : Integer.parseInt(page));
  }
}
