package dev.glimpse.api.compat;

import dev.glimpse.Classifier;
import dev.glimpse.api.http.Exchange;
import dev.glimpse.pipeline.ClassificationResult;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Classifies the image in a request to one of these endpoints. */
@ApplicationScoped
public class ImageRequestHandler {

  private final Classifier classifier;
  private final Exchange exchange;
  private final ImageBody body;

  ImageRequestHandler(Classifier classifier, Exchange exchange, ImageBody body) {
    this.classifier = classifier;
    this.exchange = exchange;
    this.body = body;
  }

  CompletionStage<ClassificationResult> ask(
      RoutingContext context, Optional<String> model, Optional<Integer> version) {
    String contentType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    return exchange.ask(
        context, classifier::classify, bytes -> body.request(bytes, contentType, model, version));
  }
}
