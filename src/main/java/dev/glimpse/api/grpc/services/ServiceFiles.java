package dev.glimpse.api.grpc.services;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds the descriptions of all services and their messages, which protoc makes of {@code
 * src/main/protobuf} when this is built.
 */
final class ServiceFiles {

  private static final String COMPILED = "/services.protobin";

  private final List<ServiceFile> files = ServiceFile.readAll(compiled());

  private static byte[] compiled() {
    try (InputStream in = ServiceFiles.class.getResourceAsStream(COMPILED)) {
      if (in == null) {
        throw new IllegalStateException("The application lacks " + COMPILED);
      }
      return in.readAllBytes();
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

  private static Optional<byte[]> first(Stream<ServiceFile> files) {
    return files.findFirst().map(file -> file.descriptor().toArray());
  }
}
