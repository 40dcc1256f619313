package dev.glimpse.api.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.Classifier;
import dev.glimpse.api.predict.PredictResponse;
import dev.glimpse.api.problem.Problem;
import dev.glimpse.api.problem.Problems;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.results.Job;
import dev.glimpse.results.JobWork;
import dev.glimpse.results.StoredResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Classifies the images of jobs as {@code /predict} does, and writes the same responses. */
@ApplicationScoped
public class PredictWork implements JobWork {

  /** Failures that say nothing about the image, so that another attempt is worthwhile. */
  private static final Set<Failure> NOT_ADMITTED =
      EnumSet.of(Failure.OVERLOADED, Failure.QUEUE_TIMEOUT, Failure.NOT_READY);

  private static final int OK = 200;

  /** Bytes of JSON around the images' responses. */
  private static final int ENVELOPE = 256;

  private final Classifier classifier;
  private final JobRequests requests;
  private final ObjectMapper mapper;
  private final Duration timeout;

  PredictWork(
      Classifier classifier, JobRequests requests, ObjectMapper mapper, GlimpseConfig config) {
    this.classifier = classifier;
    this.requests = requests;
    this.mapper = mapper;
    this.timeout = config.deadline().defaultTime();
  }

  @Override
  public List<ImageTask> open(Job job, byte[] body) {
    List<Supplier<ClassificationRequest>> images = requests.open(job, body).images();
    int size = body.length / images.size();
    return IntStream.range(0, images.size())
        .<ImageTask>mapToObj(i ->
            () ->
                classify(
                    new SpooledImage(job.requestId(), job.path(), i, timeout, size, images.get(i))))
        .toList();
  }

  private CompletionStage<StoredResponse> classify(SpooledImage image) {
    CompletionStage<ClassificationResult> result;
    try {
      result = classifier.classify(image);
    } catch (ServingException e) {
      result = CompletableFuture.failedStage(e);
    }
    return result.handle((classes, failure) -> answer(image.id(), classes, failure));
  }

  private StoredResponse answer(
      String id, @Nullable ClassificationResult classes, @Nullable Throwable failure) {
    if (classes != null) {
      return new StoredResponse(
          OK,
          MediaType.APPLICATION_JSON,
          classes.language(),
          json(PredictResponse.of(id, classes)));
    }
    if (failure != null
        && AsyncFailures.cause(failure) instanceof ServingException known
        && NOT_ADMITTED.contains(known.failure())) {
      throw new CompletionException(known);
    }
    return problem(id, failure);
  }

  private StoredResponse problem(String id, @Nullable Throwable failure) {
    Problem problem = Problems.of(failure, id);
    return new StoredResponse(
        problem.status(), Problem.MEDIA_TYPE, Optional.empty(), json(problem));
  }

  private byte[] json(Object response) {
    try {
      return mapper.writeValueAsBytes(response);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a response has only texts and numbers", e);
    }
  }

  @Override
  public StoredResponse failed(Job job, Throwable failure) {
    return problem(job.requestId(), failure);
  }

  /** Returns the image's own response, or those of a batch as {@code /predict/batch} has them. */
  @Override
  public StoredResponse whole(Job job, List<StoredResponse> images) {
    if (!requests.isBatch(job)) {
      return images.get(0);
    }
    int size = images.stream().mapToInt(image -> image.body().length + 1).sum();
    ByteArrayOutputStream json = new ByteArrayOutputStream(size + ENVELOPE);
    json.writeBytes(
        ("{\"id\":\"" + job.requestId() + "\",\"results\":[").getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < images.size(); i++) {
      if (i > 0) {
        json.write(',');
      }
      json.writeBytes(images.get(i).body());
    }
    json.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
    Optional<String> language =
        images.stream().map(StoredResponse::language).flatMap(Optional::stream).findFirst();
    return new StoredResponse(OK, MediaType.APPLICATION_JSON, language, json.toByteArray());
  }
}
