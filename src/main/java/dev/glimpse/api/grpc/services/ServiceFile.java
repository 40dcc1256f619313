package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.TAG;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.bytes.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Is a file that protoc has compiled.
 *
 * @param symbols the full names of its messages, enums, services and methods
 * @param services the full names of its services
 * @param descriptor a {@code FileDescriptorProto}
 */
record ServiceFile(String name, List<String> symbols, List<String> services, Bytes descriptor) {

  private static final int NAME = 1;
  private static final int PACKAGE = 2;

  /** What a file declares, and within it. */
  private enum Kind {
    FILE,
    MESSAGE,
    ENUM,
    SERVICE,
    METHOD;

    /** Returns the kind of each field that holds declarations, by the field's number. */
    private Map<Integer, Kind> within() {
      return switch (this) {
        case FILE -> Map.of(4, MESSAGE, 5, ENUM, 6, SERVICE);
        case MESSAGE -> Map.of(3, MESSAGE, 4, ENUM);
        case SERVICE -> Map.of(2, METHOD);
        case ENUM, METHOD -> Map.of();
      };
    }
  }

  /** Reads a {@code FileDescriptorSet}. */
  static List<ServiceFile> readAll(byte[] set) {
    List<ServiceFile> files = new ArrayList<>();
    MessageReader.read(
        "FileDescriptorSet",
        CodedInputStream.newInstance(set),
        (tag, in) -> files.add(read(in.readByteArray())));
    return List.copyOf(files);
  }

  private static ServiceFile read(byte[] descriptor) {
    String[] names = {"", ""};
    List<String> symbols = new ArrayList<>();
    List<String> services = new ArrayList<>();
    MessageReader.read(
        "FileDescriptorProto",
        CodedInputStream.newInstance(descriptor),
        (tag, in) -> {
          int field = tag >>> TAG;
          if (field <= PACKAGE) { // protoc writes fields in the order of their numbers
            names[field - NAME] = in.readString();
          } else {
            declared(Kind.FILE, names[1], tag, in, symbols, services);
          }
        });
    return new ServiceFile(
        names[0], List.copyOf(symbols), List.copyOf(services), Bytes.of(descriptor));
  }

  /** Reads a field of a declaration, which may hold further ones. */
  private static void declared(
      Kind outer,
      String scope,
      int tag,
      CodedInputStream in,
      List<String> symbols,
      List<String> services)
      throws IOException {
    Kind kind = outer.within().get(tag >>> TAG);
    if (kind == null) {
      in.skipField(tag);
      return;
    }
    String[] full = {scope};
    MessageReader.nested(
        in,
        (inner, value) -> {
          if (inner >>> TAG == NAME) { // protoc writes fields in the order of their numbers
            String name = value.readString();
            full[0] = scope.isEmpty() ? name : scope + "." + name;
            symbols.add(full[0]);
            if (kind == Kind.SERVICE) {
              services.add(full[0]);
            }
          } else {
            declared(kind, full[0], inner, value, symbols, services);
          }
        });
  }
}
