package dev.glimpse.evaluation;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.evaluation.LabeledImages.LabeledImage;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.image.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes thumbnails of images by their names. */
public final class Thumbnails {

  private final Map<String, Path> paths = new HashMap<>();
  private final ImageDecoder decoder;
  private final long maxBytes;

  /**
   * Makes thumbnails of these images.
   *
   * @param maxBytes how large a file may be
   */
  public Thumbnails(List<LabeledImage> images, ImageDecoder decoder, long maxBytes) {
    images.forEach(image -> paths.put(image.input().name(), image.input().path()));
    this.decoder = decoder;
    this.maxBytes = maxBytes;
  }

  /** Returns an image's thumbnail; empty if the file cannot be read any more. */
  public Optional<String> dataUri(String file) {
    Path path = paths.get(file);
    try {
      if (path == null || Files.size(path) > maxBytes) {
        return Optional.empty();
      }
      ImageFile image = new ImageFile(Bytes.of(Files.readAllBytes(path)));
      try (Pixels pixels = decoder.decode(image, Thumbnails::scale)) {
        return Optional.of(PngThumbnail.dataUri(pixels));
      }
    } catch (IOException | ServingException e) {
      return Optional.empty();
    }
  }

  private static double scale(int width, int height) {
    return Math.min(1, (double) PngThumbnail.SIDE / Math.max(width, height));
  }
}
