package dev.glimpse.predict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.glimpse.Classifier.Question;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A body of any of the three kinds as a question. */
@ApplicationScoped
public class PredictBody {

  private static final String MULTIPART = "multipart/form-data";
  private static final String JSON = "application/json";

  private final Validator validator;
  private final ObjectReader json;

  PredictBody(Validator validator, ObjectMapper mapper) {
    this.validator = validator;
    // A mistyped key would otherwise go unnoticed, and the answer be to another question.
    this.json =
        mapper
            .readerFor(PredictRequest.class)
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  /**
   * Takes a body apart. Any thread may call it; it takes as long as decoding base64 takes.
   *
   * @param contentType the body's kind; null: a picture
   * @param query the parameters in the query; those in the body come first
   * @param acceptLanguage the header, if there is one
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   * @throws ConstraintViolationException if a parameter in the body is not valid
   */
  Question question(
      byte[] body,
      @Nullable String contentType,
      PredictParameters query,
      @Nullable String acceptLanguage) {
    String kind = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    if (contentType != null && kind.startsWith(MULTIPART)) {
      MultipartForm form = MultipartForm.parse(body, contentType);
      return valid(form.parameters()).orElse(query).question(form.file(), acceptLanguage);
    }
    if (kind.startsWith(JSON)) {
      PredictRequest request = valid(read(body));
      return valid(request.parameters()).orElse(query).question(request.bytes(), acceptLanguage);
    }
    return query.question(body, acceptLanguage);
  }

  private PredictRequest read(byte[] bytes) {
    try {
      PredictRequest request = json.readValue(bytes);
      if (request == null) {
        throw new ServingException(Failure.MALFORMED_REQUEST, "The body is null, not an object.");
      }
      return request;
    } catch (JsonMappingException e) {
      String field =
          e.getPath().stream()
              .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
              .collect(Collectors.joining("."));
      throw field.isEmpty() || e.getCause() instanceof JsonEOFException
          ? malformed(e)
          : ServingException.invalid(field, "is not known here, or is not of the right type");
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private static ServingException malformed(IOException e) {
    String where =
        e instanceof JsonProcessingException broken && broken.getLocation() != null
            ? " (line %d, column %d)"
                .formatted(broken.getLocation().getLineNr(), broken.getLocation().getColumnNr())
            : "";
    return new ServingException(
        Failure.MALFORMED_REQUEST,
        "The body is not a JSON object of the documented form" + where + ".",
        e);
  }

  private <T> T valid(T value) {
    var violations = validator.validate(value);
    if (!violations.isEmpty()) {
      throw new ConstraintViolationException(violations);
    }
    return value;
  }
}
