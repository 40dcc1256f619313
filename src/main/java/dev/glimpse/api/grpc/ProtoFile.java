package dev.glimpse.api.grpc;

import dev.glimpse.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compiles a file in <a href="https://protobuf.dev/programming-guides/proto3/">proto3</a> into a
 * {@code FileDescriptorProto}, as clients without the file ask for it. It knows what our own files
 * use: messages, maps, oneofs, enums, services and comments; one file has all that it refers to.
 */
public final class ProtoFile {

  private static final Pattern TOKEN = Pattern.compile("\"[^\"]*\"|[\\w.]+|[{}()<>=,;]");
  private static final Pattern COMMENT = Pattern.compile("//[^\n]*");

  /** Scalar types by their numbers, from 1; those that are empty are no scalars. */
  private static final List<String> SCALARS =
      List.of(
          "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "",
          "", "bytes", "uint32");

  private static final int MESSAGE = 11;
  private static final int ENUM = 14;
  private static final int OPTIONAL = 1;
  private static final int REPEATED = 3;

  private final List<String> tokens;
  private final Map<String, Integer> declared = new HashMap<>();
  private final List<String> services = new ArrayList<>();
  private final String packageName;
  private int at;

  private ProtoFile(String text) {
    this.tokens =
        TOKEN
            .matcher(COMMENT.matcher(text).replaceAll(""))
            .results()
            .map(MatchResult::group)
            .toList();
    this.packageName = tokens.get(tokens.indexOf("package") + 1);
  }

  /**
   * Holds a compiled file.
   *
   * @param symbols the full names of its messages, enums, services and methods
   * @param services the full names of its services
   * @param descriptor a {@code FileDescriptorProto}
   */
  public record Compiled(
      String name, List<String> symbols, List<String> services, Bytes descriptor) {}

  /**
   * Compiles a file.
   *
   * @param name that of the file
   * @throws IllegalArgumentException if it holds what is not known
   */
  public static Compiled compile(String name, String text) {
    ProtoFile file = new ProtoFile(text);
    file.declare();
    Bytes descriptor = Bytes.of(file.file(name).toBytes());
    return new Compiled(
        name, List.copyOf(file.declared.keySet()), List.copyOf(file.services), descriptor);
  }

  /** Notes the full name of each type, as those that use one may precede it. */
  private void declare() {
    List<String> scopes = new ArrayList<>(List.of(packageName));
    for (int i = 2; i < tokens.size(); i++) {
      String scope = scopes.get(scopes.size() - 1);
      String kind = tokens.get(i - 2);
      String full = scope + "." + tokens.get(i - 1);
      switch (tokens.get(i)) {
        case "{" -> {
          if (kind.equals("oneof")) {
            scopes.add(scope);
          } else {
            declared.put(full, kind.equals("enum") ? ENUM : MESSAGE);
            scopes.add(full);
          }
        }
        case "(" -> {
          if (kind.equals("rpc")) {
            declared.put(full, MESSAGE);
          }
        }
        case "}" -> scopes.remove(scopes.size() - 1);
        default -> {}
      }
    }
  }

  private String next() {
    return tokens.get(at++);
  }

  private void skip(String... expected) {
    for (String token : expected) {
      if (!next().equals(token)) {
        throw new IllegalArgumentException(
            "must have %s in place of %s".formatted(token, tokens.get(at - 1)));
      }
    }
  }

  private MessageWriter file(String name) {
    MessageWriter file = new MessageWriter().text(1, name).text(2, packageName);
    skip("syntax", "=", "\"proto3\"", ";", "package", packageName, ";");
    while (at < tokens.size()) {
      String kind = next();
      switch (kind) {
        case "message" -> file.message(4, message(packageName));
        case "enum" -> file.message(5, enumeration());
        case "service" -> file.message(6, service());
        default -> throw new IllegalArgumentException("must not have " + kind);
      }
    }
    return file.text(12, "proto3");
  }

  private MessageWriter message(String scope) {
    String name = next();
    String full = scope + "." + name;
    MessageWriter message = new MessageWriter().text(1, name);
    skip("{");
    int oneofs = 0;
    for (String token = next(); !token.equals("}"); token = next()) {
      switch (token) {
        case "message" -> message.message(3, message(full));
        case "enum" -> message.message(4, enumeration());
        case "map" -> map(message, full);
        case "repeated" -> message.message(2, field(next(), REPEATED, full));
        case "oneof" -> {
          message.message(8, new MessageWriter().text(1, next()));
          skip("{");
          for (String type = next(); !type.equals("}"); type = next()) {
            message.message(2, field(type, OPTIONAL, full).choice(9, oneofs));
          }
          oneofs++;
        }
        default -> message.message(2, field(token, OPTIONAL, full));
      }
    }
    return message;
  }

  private MessageWriter field(String type, int label, String scope) {
    String name = next();
    skip("=");
    MessageWriter field = field(name, Integer.parseInt(next()), label, type, scope);
    skip(";");
    return field;
  }

  private MessageWriter field(String name, int number, int label, String type, String scope) {
    MessageWriter field = new MessageWriter().text(1, name).number(3, number).number(4, label);
    int scalar = SCALARS.indexOf(type) + 1;
    if (scalar > 0) {
      return field.number(5, scalar);
    }
    String full = resolved(type, scope);
    return field.number(5, declared.getOrDefault(full, MESSAGE)).text(6, "." + full);
  }

  /** Writes a map, which is a list of entries, whose type is declared here. */
  private void map(MessageWriter message, String scope) {
    skip("<");
    String key = next();
    skip(",");
    String value = next();
    skip(">");
    String name = next();
    String entry = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Entry";
    declared.put(scope + "." + entry, MESSAGE);
    message.message(
        3,
        new MessageWriter()
            .text(1, entry)
            .message(2, field("key", 1, OPTIONAL, key, scope))
            .message(2, field("value", 2, OPTIONAL, value, scope))
            .message(7, new MessageWriter().bool(7, true)));
    skip("=");
    message.message(2, field(name, Integer.parseInt(next()), REPEATED, entry, scope));
    skip(";");
  }

  private MessageWriter enumeration() {
    MessageWriter values = new MessageWriter().text(1, next());
    skip("{");
    for (String name = next(); !name.equals("}"); name = next()) {
      skip("=");
      values.message(2, new MessageWriter().text(1, name).choice(2, Long.parseLong(next())));
      skip(";");
    }
    return values;
  }

  private MessageWriter service() {
    String name = next();
    services.add(packageName + "." + name);
    MessageWriter service = new MessageWriter().text(1, name);
    skip("{");
    for (String token = next(); !token.equals("}"); token = next()) {
      MessageWriter method = new MessageWriter().text(1, next());
      boolean client = type(method, 2);
      skip("returns");
      boolean server = type(method, 3);
      skip(";");
      service.message(2, method.bool(5, client).bool(6, server));
    }
    return service;
  }

  /** Writes the type that a method takes or returns; returns whether it is a stream. */
  private boolean type(MessageWriter method, int field) {
    skip("(");
    String first = next();
    boolean stream = first.equals("stream");
    method.text(field, "." + resolved(stream ? next() : first, packageName));
    skip(")");
    return stream;
  }

  private String resolved(String type, String scope) {
    return Stream.iterate(
            scope,
            within -> !within.isEmpty(),
            within -> within.substring(0, Math.max(0, within.lastIndexOf('.'))))
        .map(within -> within + "." + type)
        .filter(declared::containsKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("does not declare " + type));
  }
}
