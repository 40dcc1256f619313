package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.LENGTH;
import static dev.glimpse.api.grpc.MessageReader.TAG;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.access.RateFilter;
import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.api.grpc.MessageStreams;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves gRPC's <a href="https://github.com/grpc/grpc/blob/master/doc/server-reflection.md">server
 * reflection</a>, where it is switched on: clients such as grpcurl ask it for the services and
 * their messages, and need no files. It tells nothing of the models. Nothing is read before the
 * first question.
 */
@ApplicationScoped
public class ReflectionMethod implements GrpcMethod.Service {

  private static final String REQUEST = "ServerReflectionRequest";
  private static final int MOST_BYTES = 4 << 10;

  /** The bits of a tag below the field's number. */
  private static final int WIRE_TYPE = (1 << TAG) - 1;

  private static final int HOST = 1;
  private static final int FILE = 3;
  private static final int SYMBOL = 4;
  private static final int EXTENSION = 5;
  private static final int EXTENSIONS = 6;
  private static final int SERVICES = 7;

  private final boolean on;
  private final MessageStreams streams;
  private final RateFilter rates;
  private final ProblemWriter problems;
  private @Nullable ServiceFiles files;

  ReflectionMethod(
      GlimpseConfig config, MessageStreams streams, RateFilter rates, ProblemWriter problems) {
    this.on = config.grpc().reflection();
    this.streams = streams;
    this.rates = rates;
    this.problems = problems;
  }

  /**
   * Holds a question.
   *
   * @param field the number of the field that holds it; 0 if none does
   * @param value the field's text
   */
  private record Question(String host, int field, String value) {}

  @Override
  public Map<String, GrpcMethod> methods() {
    return on
        ? Map.of(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            this::open,
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            this::open)
        : Map.of();
  }

  private void open(RoutingContext context) {
    MessageRate rate = new MessageRate(rates, context);
    streams.openSmall(
        context,
        MOST_BYTES,
        message -> rate.next().thenApply(allowed -> message.read(this::answer)),
        problems::write);
  }

  private byte[] answer(Bytes message) {
    byte[] request = message.toArray();
    Question question = question(CodedInputStream.newInstance(request));
    MessageWriter response = new MessageWriter().text(1, question.host()).element(2, request);
    switch (question.field()) {
      case FILE -> file(response, files().named(question.value()), question.value());
      case SYMBOL -> file(response, files().declaring(question.value()), question.value());
      case SERVICES -> response.message(6, services());
      case EXTENSIONS -> extensions(response, question.value());
      case EXTENSION -> error(response, GrpcStatus.NOT_FOUND, "There are no extensions.");
      default -> error(response, GrpcStatus.INVALID_ARGUMENT, "The request asks for nothing.");
    }
    return response.framed();
  }

  private synchronized ServiceFiles files() {
    ServiceFiles read = files;
    if (read == null) {
      read = new ServiceFiles();
      files = read;
    }
    return read;
  }

  private static Question question(CodedInputStream in) {
    String[] host = {""};
    Question[] question = {new Question("", 0, "")};
    MessageReader.read(
        REQUEST,
        in,
        (tag, value) -> {
          int field = tag >>> TAG;
          if ((tag & WIRE_TYPE) != LENGTH || field > SERVICES) {
            value.skipField(tag);
          } else if (field == HOST) {
            host[0] = value.readString();
          } else {
            question[0] = new Question("", field, text(field, tag, value));
          }
        });
    return new Question(host[0], question[0].field(), question[0].value());
  }

  private static String text(int field, int tag, CodedInputStream value) throws IOException {
    if (field != EXTENSION) {
      return value.readString();
    }
    value.skipField(tag);
    return "";
  }

  private static void file(MessageWriter response, Optional<byte[]> file, String name) {
    if (file.isPresent()) {
      response.message(4, new MessageWriter().element(1, file.get()));
    } else {
      error(response, GrpcStatus.NOT_FOUND, "There is no \"%s\".".formatted(name));
    }
  }

  private MessageWriter services() {
    MessageWriter list = new MessageWriter();
    files().services().forEach(name -> list.message(1, new MessageWriter().text(1, name)));
    return list;
  }

  private void extensions(MessageWriter response, String type) {
    if (files().declaring(type).isPresent()) {
      response.message(5, new MessageWriter().text(1, type));
    } else {
      error(response, GrpcStatus.NOT_FOUND, "There is no \"%s\".".formatted(type));
    }
  }

  private static void error(MessageWriter response, GrpcStatus status, String sentence) {
    response.message(7, new MessageWriter().number(1, status.code()).text(2, sentence));
  }
}
