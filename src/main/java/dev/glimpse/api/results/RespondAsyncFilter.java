package dev.glimpse.api.results;

import dev.glimpse.access.Caller;
import dev.glimpse.api.http.Exchange;
import dev.glimpse.api.http.RequestCaller;
import dev.glimpse.api.http.RequestId;
import dev.glimpse.api.predict.ParameterNames;
import dev.glimpse.api.predict.QueryParameters;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.api.results.JobAdmission.NewJob;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import dev.glimpse.results.Job;
import dev.glimpse.results.JobState;
import dev.glimpse.results.Results;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepts requests with {@code Prefer: respond-async}, in place of the endpoints that would answer
 * them at once. Does nothing unless {@code glimpse.results.enabled} is set; a request whose
 * Content-Type the endpoint refuses is left to the endpoint.
 */
@ApplicationScoped
public class RespondAsyncFilter {

  /** After the filters that know the caller and limit its rate. */
  private static final int AFTER_RATES = 50;

  private static final Set<String> PATHS = Set.of(JobRequests.PREDICT, JobRequests.BATCH);
  private static final int ACCEPTED = 202;

  private final boolean enabled;
  private final Results results;
  private final JobRequests requests;
  private final JobAdmission admission;
  private final QueryParameters parameters;
  private final Exchange exchange;
  private final ProblemWriter problems;

  RespondAsyncFilter(
      GlimpseConfig config,
      Results results,
      JobRequests requests,
      JobAdmission admission,
      QueryParameters parameters,
      Exchange exchange,
      ProblemWriter problems) {
    this.enabled = config.results().enabled();
    this.results = results;
    this.requests = requests;
    this.admission = admission;
    this.parameters = parameters;
    this.exchange = exchange;
    this.problems = problems;
  }

  void register(@Observes Filters filters) {
    if (enabled) {
      filters.register(this::check, AFTER_RATES);
    }
  }

  private void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = context.normalizedPath();
    if (request.method().equals(HttpMethod.POST)
        && PATHS.contains(path)
        && Preference.isRespondAsync(request.headers().getAll(Preference.HEADER))
        && JobRequests.takes(path, header(request, HttpHeaders.CONTENT_TYPE))
        && results.accepts()) {
      accept(context);
    } else {
      context.next();
    }
  }

  private void accept(RoutingContext context) {
    Job job;
    try {
      parameters.of(QueryParameters.decoded(context.request())); // fails before the body is read
      job = job(context);
      job.callback().ifPresent(results::checkCallback);
    } catch (ServingException e) {
      problems.refuse(context, e);
      return;
    }
    Context loop = context.vertx().getOrCreateContext();
    var unused =
        exchange
            .<NewJob, JobState>ask(context, admission::accept, body -> parse(job, body))
            .whenComplete(
                (state, failure) -> loop.runOnContext(now -> respond(context, state, failure)));
  }

  private NewJob parse(Job job, Bytes body) {
    byte[] bytes = body.takeArray();
    return new NewJob(job.withImages(requests.check(job, bytes)), bytes);
  }

  private Job job(RoutingContext context) {
    HttpServerRequest request = context.request();
    Map<String, String> query = new LinkedHashMap<>();
    for (String name : ParameterNames.OF_PREDICT) {
      String value = request.params().get(name);
      if (value != null) {
        query.put(name, value);
      }
    }
    return new Job(
        results.newId(),
        RequestCaller.of(context).map(Caller::name).orElse(""),
        System.currentTimeMillis(),
        RequestId.of(context),
        context.normalizedPath(),
        query,
        header(request, HttpHeaders.CONTENT_TYPE),
        header(request, HttpHeaders.ACCEPT_LANGUAGE),
        1,
        Optional.ofNullable(request.params().get(Results.CALLBACK)));
  }

  private static Optional<String> header(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  private void respond(
      RoutingContext context, @Nullable JobState state, @Nullable Throwable failure) {
    HttpServerResponse response = context.response();
    if (failure != null) {
      problems.write(context, failure);
    } else if (state != null && !response.ended() && !response.closed()) {
      JobProgress progress = JobProgress.of(state);
      response
          .setStatusCode(ACCEPTED)
          .putHeader(HttpHeaders.LOCATION, ResultsResource.PATH + "/" + progress.id())
          .putHeader(Preference.APPLIED, Preference.RESPOND_ASYNC)
          .putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(progress.retryAfter()))
          .putHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
          .end(Buffer.buffer(progress.json()));
    }
  }
}
