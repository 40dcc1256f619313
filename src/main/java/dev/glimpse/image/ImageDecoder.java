package dev.glimpse.image;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.GlimpseConfig.Image.Decode;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Bytes to pixels: format by the first bytes, header, limits, decode, turn upright. */
@ApplicationScoped
public class ImageDecoder {

  private static final Logger LOG = Logger.getLogger(ImageDecoder.class);

  private final long maxPixels;
  private final Decode decode;
  private final Map<ImageFormat, Decoder> decoders = new EnumMap<>(ImageFormat.class);

  public ImageDecoder(GlimpseConfig config) {
    this.maxPixels = config.image().maxPixels();
    this.decode = config.image().decode();
    decoders.put(ImageFormat.PNG, new PngDecoder());
    decoders.put(ImageFormat.GIF, new GifDecoder());
    decoders.put(ImageFormat.BMP, new BmpDecoder());
    Optional<Decoder> turbo = TurboJpegDecoder.find().map(Decoder.class::cast);
    decoders.put(ImageFormat.JPEG, turbo.orElseGet(ImageIoDecoder::new));
    if (turbo.isEmpty()) {
      LOG.info("There is no libjpeg-turbo here (libturbojpeg0), so ImageIO decodes JPEGs, slower.");
    }
    decoders.put(ImageFormat.TIFF, new TiffDecoder());
    decoders.put(ImageFormat.WEBP, new WebpDecoder());
  }

  /** How large a picture has to be decoded to serve a purpose. */
  @FunctionalInterface
  public interface Scale {

    /**
     * The smallest share of its width and height that will do.
     *
     * @param width of the whole picture, upright, in pixels
     * @param height of the whole picture, upright, in pixels
     * @return above 0 and at most 1
     */
    double of(int width, int height);
  }

  /** What decodes a format that is read, for people. */
  public String decoderOf(ImageFormat format) {
    return Objects.requireNonNull(decoders.get(format)).toString();
  }

  /** As {@link #decode(byte[], Scale)}, in its whole size. */
  public Pixels decode(byte[] bytes) {
    return decode(bytes, (width, height) -> 1);
  }

  /**
   * Decodes a picture; of an animation, the first frame. Transparency is laid over white. Colour
   * profiles are not applied. Any thread may call it; it takes as long as decoding takes.
   *
   * @param bytes the whole file, of any format that is read
   * @param scale asked unless {@code glimpse.image.decode} is {@code exact}; the picture may be
   *     larger than it says, up to its whole size
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if the format is not read; TOO_LARGE if the
   *     header says more pixels than {@code glimpse.image.max-pixels}; UNREADABLE_IMAGE if the
   *     bytes are truncated, corrupt or no picture
   */
  public Pixels decode(byte[] bytes, Scale scale) {
    ImageHeader header = ImageHeader.read(bytes);
    if (header.pixels() > maxPixels) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The picture has %d×%d pixels; at most %d pixels are read."
              .formatted(header.width(), header.height(), maxPixels));
    }
    Decoder decoder = Objects.requireNonNull(decoders.get(header.format()));
    try {
      return header.orientation().apply(decoder.decode(bytes, header, share(header, scale)));
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

  private double share(ImageHeader header, Scale scale) {
    if (decode == Decode.EXACT) {
      return 1;
    }
    return header.orientation().transposes()
        ? scale.of(header.height(), header.width())
        : scale.of(header.width(), header.height());
  }
}
