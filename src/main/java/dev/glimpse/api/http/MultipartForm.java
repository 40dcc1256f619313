package dev.glimpse.api.http;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code multipart/form-data} body, taken apart in memory by Netty's decoder.
 *
 * @param files the bytes of each part with an image, in order; at least one
 * @param fields the other parts by name, without empty ones
 */
public record MultipartForm(List<byte[]> files, Map<String, String> fields) {

  private static final String FILE = "file";
  private static final Set<String> OURS = Set.of(FILE);

  /** Beside the pictures. */
  private static final int MAX_FIELDS = 15;

  private static final int MAX_HEADER_BYTES = 8192;

  /**
   * Takes a body apart.
   *
   * @param contentType with the boundary in it
   * @param maxFiles how many parts {@code file} there may be
   * @throws ServingException MALFORMED_REQUEST if it is not what it claims to be, INVALID_PARAMETER
   *     if there is no part {@code file}, TOO_LARGE if there are more parts than may be
   */
  public static MultipartForm parse(byte[] body, String contentType, int maxFiles) {
    return parse(body, contentType, maxFiles, OURS);
  }

  /**
   * As above, for forms of others.
   *
   * @param names what the parts with a picture may be called
   */
  public static MultipartForm parse(
      byte[] body, String contentType, int maxFiles, Set<String> names) {
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(body));
    request.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    if (!HttpPostRequestDecoder.isMultipart(request)) {
      throw new ServingException(
          Failure.MALFORMED_REQUEST, "The Content-Type multipart/form-data names no boundary.");
    }
    HttpPostMultipartRequestDecoder decoder = null;
    try {
      decoder =
          new HttpPostMultipartRequestDecoder(
              new DefaultHttpDataFactory(false),
              request,
              StandardCharsets.UTF_8,
              maxFiles + MAX_FIELDS,
              MAX_HEADER_BYTES);
      return read(decoder, names);
    } catch (ServingException e) {
      throw e;
    } catch (HttpPostRequestDecoder.TooManyFormFieldsException e) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The form has more than %d parts, the most that are read."
              .formatted(maxFiles + MAX_FIELDS),
          e);
    } catch (RuntimeException | IOException e) {
      // Netty has exceptions of its own for a bad form, and meets some with an index out of bounds.
      throw malformed(e);
    } finally {
      if (decoder != null) {
        decoder.destroy();
      }
    }
  }

  private static MultipartForm read(HttpPostMultipartRequestDecoder decoder, Set<String> names)
      throws IOException {
    List<byte[]> files = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    List<InterfaceHttpData> parts = decoder.getBodyHttpDatas();
    if (parts.isEmpty()) {
      throw malformed(null);
    }
    for (InterfaceHttpData part : parts) {
      if (part instanceof FileUpload upload && names.contains(part.getName())) {
        files.add(upload.get());
      } else if (part instanceof Attribute attribute) {
        if (names.contains(part.getName())) {
          files.add(attribute.get()); // a part without a file name, as some clients send it
        } else {
          String value = attribute.getValue();
          if (!value.isEmpty()) { // a browser sends a field that was left empty
            fields.put(part.getName(), value);
          }
        }
      }
    }
    if (decoder.currentPartialHttpData() != null) {
      throw malformed(null); // the last part has no end
    }
    if (files.isEmpty()) {
      throw ServingException.invalid(FILE, "must be a part of the form, and hold the picture");
    }
    return new MultipartForm(files, fields);
  }

  /** The picture, where there should be one; of several the last, as for any other part. */
  public byte[] file() {
    return files.get(files.size() - 1);
  }

  private static ServingException malformed(@Nullable Exception cause) {
    return new ServingException(
        Failure.MALFORMED_REQUEST,
        "The body is not the multipart/form-data that its Content-Type says it is.",
        cause);
  }
}
