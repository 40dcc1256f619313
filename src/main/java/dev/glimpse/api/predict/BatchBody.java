package dev.glimpse.api.predict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.BatchClassifier.Content;
import dev.glimpse.api.http.Base64Text;
import dev.glimpse.api.http.ContentType;
import dev.glimpse.api.http.MultipartForm;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.remote.RemoteImages;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolationException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Parses the bodies of {@code POST /predict/batch}: forms and JSON. */
@ApplicationScoped
public class BatchBody {

  private final RemoteImages remote;
  private final BodyValidator validator;
  private final JsonFactory factory;
  private final JsonBody<BatchRequest> json;
  private final int maxImages;

  BatchBody(
      BodyValidator validator, ObjectMapper mapper, GlimpseConfig config, RemoteImages remote) {
    this.remote = remote;
    this.validator = validator;
    this.factory = mapper.getFactory();
    this.json = new JsonBody<>(mapper, BatchRequest.class);
    this.maxImages = config.batch().maxImages();
  }

  /**
   * Parses a body, except for the images' base64. Any thread may call it.
   *
   * @param contentType the body's kind
   * @param query the parameters in the query; those in the body come first
   * @param acceptLanguage the header, if there is one
   * @throws ServingException MALFORMED_REQUEST, INVALID_PARAMETER, or TOO_LARGE if there are more
   *     images than {@code glimpse.batch.max-images}
   * @throws ConstraintViolationException if a parameter in the body is not valid
   */
  Content content(
      Bytes body, String contentType, PredictParameters query, @Nullable String acceptLanguage) {
    return content(body, contentType, query, acceptLanguage, maxImages);
  }

  /** Parses a body as the other method does, with up to {@code most} images. */
  public Content content(
      Bytes body,
      String contentType,
      PredictParameters query,
      @Nullable String acceptLanguage,
      int most) {
    if (ContentType.is(contentType, "multipart/form-data")) {
      MultipartForm form = MultipartForm.parse(body, contentType, most);
      ClassificationRequest common =
          validator
              .valid(PredictParameters.of(form))
              .orElse(query)
              .request(Bytes.NONE, acceptLanguage);
      return content(
          common,
          form.files().stream()
              .<Supplier<ClassificationRequest>>map(file -> () -> common.withImage(file))
              .toList(),
          most);
    }
    byte[] text = body.takeArray();
    requireFew(BatchSize.of(factory, text), most);
    BatchRequest request = validator.valid(json.read(text));
    ClassificationRequest common =
        validator.valid(request.parameters()).orElse(query).request(Bytes.NONE, acceptLanguage);
    return content(
        common,
        IntStream.range(0, request.images().size())
            .<Supplier<ClassificationRequest>>mapToObj(
                i -> () -> request(common, i, request.images().get(i)))
            .toList(),
        most);
  }

  private Content content(
      ClassificationRequest common, List<Supplier<ClassificationRequest>> images, int most) {
    requireFew(images.size(), most);
    return new Content(common, images);
  }

  private static void requireFew(int images, int most) {
    if (images > most) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The request holds %d images; at most %d are taken at a time.".formatted(images, most));
    }
  }

  private ClassificationRequest request(
      ClassificationRequest common, int number, BatchRequest.@Nullable Picture image) {
    String page = image == null ? null : image.page();
    if (page == null) {
      return file(common, number, image);
    }
    if (!page.matches(PredictParameters.PAGE)) {
      throw ServingException.invalid(
          "images[%d].page".formatted(number), PredictParameters.PAGE_WORDS);
    }
    return file(common.withPage(Integer.parseInt(page)), number, image);
  }

  private ClassificationRequest file(
      ClassificationRequest common, int number, BatchRequest.@Nullable Picture image) {
    if (image != null && image.url() != null) {
      String field = "images[%d].url".formatted(number);
      if (image.b64() != null) {
        throw ServingException.invalid(field, "must not be there beside b64");
      }
      return common.withRemoteImage(remote.at(field, image.url()));
    }
    String field = "images[%d].b64".formatted(number);
    if (image == null || image.b64() == null) {
      throw ServingException.invalid(field, "must hold the image's bytes in base64");
    }
    return common.withImage(Bytes.of(Base64Text.decode(image.b64(), field)));
  }
}
