package dev.glimpse.image;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Bytes to pixels: format by the first bytes, header, limits, decode, turn upright. */
@ApplicationScoped
public class ImageDecoder {

  private static final Logger LOG = Logger.getLogger(ImageDecoder.class);

  private final long maxPixels;
  private final Map<ImageFormat, Decoder> decoders = new EnumMap<>(ImageFormat.class);

  public ImageDecoder(GlimpseConfig config) {
    this.maxPixels = config.image().maxPixels();
    decoders.put(ImageFormat.JPEG, new ImageIoDecoder());
    decoders.put(ImageFormat.PNG, new PngDecoder());
    decoders.put(ImageFormat.GIF, new GifDecoder());
    decoders.put(ImageFormat.BMP, new BmpDecoder());
  }

  /**
   * Decodes a picture; of an animation, the first frame. Transparency is laid over white. Colour
   * profiles are not applied. Any thread may call it; it takes as long as decoding takes.
   *
   * @param bytes the whole file, of any format that is read
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if the format is not read; TOO_LARGE if the
   *     header says more pixels than {@code glimpse.image.max-pixels}; UNREADABLE_IMAGE if the
   *     bytes are truncated, corrupt or no picture
   */
  public Pixels decode(byte[] bytes) {
    ImageHeader header = ImageHeader.read(bytes);
    if (header.pixels() > maxPixels) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The picture has %d×%d pixels; at most %d pixels are read."
              .formatted(header.width(), header.height(), maxPixels));
    }
    Decoder decoder = Objects.requireNonNull(decoders.get(header.format()));
    try {
      return header.orientation().apply(decoder.decode(bytes, header, 1));
    } catch (UnreadableImage | RuntimeException e) {
      // Decoders meet broken bytes with exceptions of every kind.
      LOG.debugf(e, "Unreadable %s picture", header.format());
      throw new ServingException(
          Failure.UNREADABLE_IMAGE,
          "The bytes claim to be a %s picture and cannot be decoded: %s."
              .formatted(
                  header.format(), e instanceof UnreadableImage ? e.getMessage() : "corrupt"),
          e);
    }
  }
}
