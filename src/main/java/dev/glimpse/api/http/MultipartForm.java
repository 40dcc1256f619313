package dev.glimpse.api.http;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A parsed {@code multipart/form-data} body.
 *
 * @param files the bytes of each part with an image, in order, which are parts of the body; at
 *     least one
 * @param fields the other parts by name, without empty ones
 */
public record MultipartForm(List<Bytes> files, Map<String, String> fields) {

  private static final String FILE = "file";
  private static final Set<String> OURS = Set.of(FILE);

  /** Beside the images. */
  private static final int MAX_FIELDS = 15;

  /** By RFC 2046. */
  private static final int MAX_BOUNDARY_LENGTH = 70;

  /**
   * Parses a body with any number of images in parts {@code file}. Takes time linear in the body;
   * any thread may call it.
   *
   * @param contentType with the boundary in it
   * @param maxFiles how many parts {@code file} there may be
   * @throws ServingException MALFORMED_REQUEST if it is not what it claims to be, INVALID_PARAMETER
   *     if there is no part {@code file}, TOO_LARGE if there are more parts than may be,
   *     UNSUPPORTED_MEDIA_TYPE if a part has an unknown transfer encoding
   */
  public static MultipartForm parse(Bytes body, String contentType, int maxFiles) {
    return parse(body, contentType, maxFiles, OURS);
  }

  /** Parses a body as {@link #parse} does, with one image. */
  public static MultipartForm parseSingle(Bytes body, String contentType) {
    return parseSingle(body, contentType, OURS);
  }

  /**
   * Parses a body with one image.
   *
   * @param names the names that the part with the image may have
   * @throws ServingException as {@link #parse} does, and INVALID_PARAMETER if there are several
   */
  public static MultipartForm parseSingle(Bytes body, String contentType, Set<String> names) {
    MultipartForm form = parse(body, contentType, 1, names);
    if (form.files.size() > 1) {
      throw ServingException.invalid(
          FILE,
          "must be a single part, and the form has %d with an image; send several to /predict/batch"
              .formatted(form.files.size()));
    }
    return form;
  }

  private static MultipartForm parse(
      Bytes body, String contentType, int maxFiles, Set<String> names) {
    List<Bytes> files = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    int maxParts = maxFiles + MAX_FIELDS;
    List<MultipartParser.Part> parts = MultipartParser.parse(body, boundary(contentType), maxParts);
    if (parts.isEmpty()) {
      throw MultipartParser.malformed();
    }
    for (MultipartParser.Part part : parts) {
      if (names.contains(part.name())) {
        files.add(part.content());
      } else if (part.content().length() > 0) { // a browser sends a field that was left empty
        fields.put(part.name(), part.text());
      }
    }
    if (files.isEmpty()) {
      throw ServingException.invalid(FILE, "must be a part of the form, and hold the image");
    }
    return new MultipartForm(files, fields);
  }

  private static String boundary(String contentType) {
    String boundary =
        ContentType.parse(contentType)
            .map(type -> type.parameters().get("boundary"))
            .orElseThrow(
                () -> malformed("The Content-Type multipart/form-data names no boundary."));
    if (boundary.isEmpty()) {
      throw malformed("The boundary in the Content-Type multipart/form-data is empty.");
    }
    if (boundary.length() > MAX_BOUNDARY_LENGTH) {
      throw malformed(
          "The boundary in the Content-Type multipart/form-data has %d characters; RFC 2046 allows at most %d."
              .formatted(boundary.length(), MAX_BOUNDARY_LENGTH));
    }
    return boundary;
  }

  /** Returns the image of a form that has one. */
  public Bytes file() {
    return files.get(0);
  }

  private static ServingException malformed(String message) {
    return new ServingException(Failure.MALFORMED_REQUEST, message);
  }
}
