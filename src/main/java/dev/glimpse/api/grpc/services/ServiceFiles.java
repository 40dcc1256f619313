package dev.glimpse.api.grpc.services;

import dev.glimpse.api.grpc.ProtoFile;
import dev.glimpse.api.grpc.ProtoFile.Compiled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Holds the descriptions of all services and their messages, which are read and compiled once. */
final class ServiceFiles {

  private static final String REFLECTION = "reflection.proto";

  private final List<Compiled> files =
      List.of(
          compiled("inference.proto"),
          compiled("health.proto"),
          compiled(REFLECTION),
          ProtoFile.compile(
              "reflection_v1alpha.proto",
              text(REFLECTION).replace("grpc.reflection.v1;", "grpc.reflection.v1alpha;")));

  private static Compiled compiled(String name) {
    return ProtoFile.compile(name, text(name));
  }

  private static String text(String name) {
    try (InputStream in = ServiceFiles.class.getResourceAsStream("/proto/" + name)) {
      if (in == null) {
        throw new IllegalStateException("The application lacks /proto/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the full names of all services, sorted. */
  List<String> services() {
    return files.stream()
        .flatMap(file -> file.services().stream())
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  /** Returns a file's {@code FileDescriptorProto}, by the file's name. */
  Optional<byte[]> named(String name) {
    return first(files.stream().filter(file -> file.name().equals(name)));
  }

  /**
   * Returns the {@code FileDescriptorProto} of the file that declares a symbol.
   *
   * @param symbol the full name of a message, an enum, a service or a method
   */
  Optional<byte[]> declaring(String symbol) {
    return first(files.stream().filter(file -> file.symbols().contains(symbol)));
  }

  private static Optional<byte[]> first(Stream<Compiled> files) {
    return files.findFirst().map(file -> file.descriptor().toArray());
  }
}
