package dev.glimpse.api.kserve;

import com.fasterxml.jackson.core.JsonParser;
import dev.glimpse.api.http.Base64Text;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Collects the image files of instances, each {@code {"b64": "…"}}. For one request. */
final class InstanceImages {

  /** The name of the field that holds an image. */
  static final String FIELD = "b64";

  private final int most;
  private final List<byte[]> files = new ArrayList<>();

  /**
   * Collects no image yet.
   *
   * @param most how many a request may hold
   */
  InstanceImages(int most) {
    this.most = most;
  }

  /** Returns the image files, in the order of the instances. */
  List<byte[]> files() {
    return files;
  }

  int count() {
    return files.size();
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  /**
   * Reads one more image, at whose base64 the parser is.
   *
   * @param path where in the body it is, for messages
   * @throws ServingException TOO_LARGE if there are too many, INVALID_PARAMETER if it is not base64
   */
  void add(JsonParser json, String path) throws IOException {
    if (files.size() == most) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The request holds more than %d images, the most that are taken at a time."
              .formatted(most));
    }
    files.add(Base64Text.decode(JsonFields.text(json, path), path));
  }
}
