package dev.glimpse.api.grpc.services;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Holds the fields of a message in protobuf, as the wire has them: numbers or bytes. */
record ProtoFields(Map<Integer, List<Object>> fields) {

  static ProtoFields of(byte[] message) {
    Map<Integer, List<Object>> fields = new LinkedHashMap<>();
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        Object value =
            switch (WireFormat.getTagWireType(tag)) {
              case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
              case WireFormat.WIRETYPE_FIXED32 -> (long) in.readFixed32();
              case WireFormat.WIRETYPE_FIXED64 -> in.readFixed64();
              default -> in.readByteArray();
            };
        fields
            .computeIfAbsent(WireFormat.getTagFieldNumber(tag), number -> new ArrayList<>())
            .add(value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ProtoFields(fields);
  }

  List<Object> all(int field) {
    return fields.getOrDefault(field, List.of());
  }

  List<byte[]> allBytes(int field) {
    return all(field).stream().map(byte[].class::cast).toList();
  }

  List<String> texts(int field) {
    return allBytes(field).stream().map(text -> new String(text, StandardCharsets.UTF_8)).toList();
  }

  List<ProtoFields> messages(int field) {
    return allBytes(field).stream().map(ProtoFields::of).toList();
  }

  String text(int field) {
    return texts(field).isEmpty() ? "" : texts(field).get(0);
  }

  long number(int field) {
    return all(field).isEmpty() ? 0 : (Long) all(field).get(0);
  }

  /** Returns packed integers. */
  List<Long> numbers(int field) {
    List<Long> numbers = new ArrayList<>();
    try {
      for (byte[] packed : allBytes(field)) {
        CodedInputStream in = CodedInputStream.newInstance(packed);
        while (!in.isAtEnd()) {
          numbers.add(in.readRawVarint64());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return numbers;
  }
}
