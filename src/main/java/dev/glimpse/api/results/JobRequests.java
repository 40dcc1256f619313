package dev.glimpse.api.results;

import dev.glimpse.api.http.ContentType;
import dev.glimpse.api.predict.BatchBody;
import dev.glimpse.api.predict.PredictBody;
import dev.glimpse.api.predict.PredictParameters;
import dev.glimpse.api.predict.QueryParameters;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.registry.ModelLease;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.results.Job;
import dev.glimpse.results.ResultSize;
import io.vertx.core.MultiMap;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Parses the requests that may be answered later, when they arrive and when it is their turn. */
@ApplicationScoped
public class JobRequests {

  static final String PREDICT = "/predict";
  static final String BATCH = "/predict/batch";

  private final PredictBody predict;
  private final BatchBody batch;
  private final QueryParameters parameters;
  private final ModelRegistry models;
  private final int maxImages;
  private final long maxBytes;

  JobRequests(
      PredictBody predict,
      BatchBody batch,
      QueryParameters parameters,
      ModelRegistry models,
      GlimpseConfig config) {
    this.predict = predict;
    this.batch = batch;
    this.parameters = parameters;
    this.models = models;
    this.maxImages = config.results().maxImages();
    this.maxBytes = config.results().maxBytes().asLongValue();
  }

  /**
   * Holds a parsed request.
   *
   * @param common the parameters of all images
   * @param images at least one; each supplies the request for one image, as often as needed, or
   *     throws the failure of this image
   */
  record Opened(ClassificationRequest common, List<Supplier<ClassificationRequest>> images) {}

  /** Returns whether a body of this kind is for an address, which refuses it otherwise. */
  static boolean takes(String path, Optional<String> contentType) {
    if (contentType.isEmpty()) {
      return true;
    }
    String type = ContentType.parse(contentType.get()).map(ContentType::type).orElse("");
    return type.equals(MediaType.MULTIPART_FORM_DATA)
        || type.equals(MediaType.APPLICATION_JSON)
        || (path.equals(PREDICT)
            && (type.startsWith("image/") || type.equals(MediaType.APPLICATION_OCTET_STREAM)));
  }

  boolean isBatch(Job job) {
    return job.path().equals(BATCH);
  }

  /**
   * Parses a request. Takes as long as decoding base64 takes.
   *
   * @param body not to be changed
   * @throws ServingException as {@code /predict} does
   * @throws jakarta.validation.ConstraintViolationException if a parameter in the body is not valid
   */
  Opened open(Job job, byte[] body) {
    PredictParameters query = parameters.of(MultiMap.caseInsensitiveMultiMap().addAll(job.query()));
    String language = job.acceptLanguage().orElse(null);
    if (!isBatch(job)) {
      ClassificationRequest request =
          predict.request(Bytes.of(body), job.contentType().orElse(null), query, language);
      return new Opened(request, List.of(() -> request));
    }
    var content =
        batch.content(
            Bytes.of(body),
            job.contentType().orElse(MediaType.APPLICATION_JSON),
            query,
            language,
            maxImages);
    return new Opened(content.common(), content.images());
  }

  /**
   * Parses a request that has arrived, and checks that its model can answer it now.
   *
   * @return how many images it holds
   * @throws ServingException as {@code /predict} does; TOO_LARGE if its result would not fit
   */
  int check(Job job, byte[] body) {
    Opened opened = open(job, body);
    ClassificationRequest common = opened.common();
    try (ModelLease lease = models.lease(common.model(), common.version(), job.requestId())) {
      int topK = ResultOptions.of(common.options(), lease.model()).topK();
      ResultSize.check(body.length, opened.images().size(), topK, maxBytes);
    }
    return opened.images().size();
  }
}
