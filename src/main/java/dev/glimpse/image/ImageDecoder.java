package dev.glimpse.image;

import com.sun.management.OperatingSystemMXBean;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.GlimpseConfig.Image.Decode;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Bytes to pixels: format by the first bytes, header, limits, decode, turn upright. */
@ApplicationScoped
public class ImageDecoder {

  private static final Logger LOG = Logger.getLogger(ImageDecoder.class);

  /**
   * The longest side that JPEG can say. What resizing needs beside the picture grows with its
   * sides.
   */
  private static final int MAX_SIDE = 65_535;

  private static final long MEGABYTE = 1_000_000;

  private final long maxPixels;
  private final long maxMemory;
  private final Decode decode;
  private final PixelMemory memory;
  private final Map<ImageFormat, Decoder> decoders = new EnumMap<>(ImageFormat.class);

  public ImageDecoder(GlimpseConfig config) {
    this.maxPixels = config.image().maxPixels();
    this.maxMemory =
        config.image().maxMemory().map(MemorySize::asLongValue).orElseGet(() -> share(config));
    this.decode = config.image().decode();
    this.memory = new PixelMemory(config.image().keptMemory().asLongValue());
    decoders.put(ImageFormat.PNG, new PngDecoder());
    decoders.put(ImageFormat.GIF, new GifDecoder());
    decoders.put(ImageFormat.BMP, new BmpDecoder());
    jpegDecoder().ifPresent(decoder -> decoders.put(ImageFormat.JPEG, decoder));
    decoders.put(ImageFormat.TIFF, new TiffDecoder());
    decoders.put(ImageFormat.WEBP, new WebpDecoder(memory));
  }

  /** Loads the libraries for JPEG, so that the first decoder need not wait for them. */
  public static void startEarly() {
    TurboJpeg.isAvailable();
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

  /** What decodes a format, for people; "not read" if nothing does. */
  public String decoderOf(ImageFormat format) {
    Decoder decoder = decoders.get(format);
    return decoder == null ? "not read" : decoder.toString();
  }

  /** As {@link #decode(byte[], Scale)}, in its whole size. */
  public Pixels decode(byte[] bytes) {
    return decode(bytes, (width, height) -> 1);
  }

  /**
   * Decodes a picture; of an animation, the first frame. Transparency is laid over white. Colour
   * profiles are not applied. Any thread may call it; it takes as long as decoding takes.
   *
   * @param bytes the whole file, of any format that is read; not needed any more afterwards
   * @param scale asked unless {@code glimpse.image.decode} is {@code exact}; the picture may be
   *     larger than it says, up to its whole size
   * @return to be closed by the caller when the pixels have been read
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if the format is not read; TOO_LARGE if the
   *     header says more pixels than {@code glimpse.image.max-pixels}, a side over 65,535, or what
   *     takes more than {@code glimpse.image.max-memory}; UNREADABLE_IMAGE if the bytes are
   *     truncated, corrupt or no picture
   */
  public Pixels decode(byte[] bytes, Scale scale) {
    ImageHeader header = ImageHeader.read(bytes);
    if (Math.max(header.width(), header.height()) > MAX_SIDE) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The picture has %d×%d pixels; at most %d are read in a row or a column."
              .formatted(header.width(), header.height(), MAX_SIDE));
    }
    if (header.pixels() > maxPixels) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The picture has %d×%d pixels; at most %d pixels are read."
              .formatted(header.width(), header.height(), maxPixels));
    }
    Decoder decoder = Objects.requireNonNull(decoders.get(header.format()));
    double share = share(header, scale);
    try {
      long needed = decoder.memory(bytes, header, share);
      if (needed > maxMemory) {
        throw new ServingException(
            Failure.TOO_LARGE,
            "The picture needs %d MB to be decoded; one may take %d MB."
                .formatted(needed / MEGABYTE + 1, maxMemory / MEGABYTE));
      }
      return decoder.decode(bytes, header, share).turned(header.orientation());
    } catch (ServingException e) {
      throw e; // a decoder that knows better what is wrong
    } catch (OutOfMemoryError e) {
      LOG.warnf("No memory for a %s picture: %s", header.format(), e.getMessage());
      throw new ServingException(
          Failure.TOO_LARGE, "The picture needs more memory than there is.", e);
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

  /** Bytes of native memory that are kept for the next pictures. */
  public long memoryKept() {
    return memory.kept();
  }

  /** Bytes of native memory that hold pictures and files now. */
  public long memoryLent() {
    return memory.lent();
  }

  /** Gives native memory that is kept back to the system. */
  @PreDestroy
  void close() {
    memory.close();
  }

  private Optional<Decoder> jpegDecoder() {
    Optional<TurboJpegDecoder> turbo = TurboJpegDecoder.find(memory);
    if (turbo.isPresent()) {
      return turbo.map(Decoder.class::cast);
    }
    if (ImageIoDecoder.AVAILABLE) {
      LOG.info("There is no libjpeg-turbo here (libturbojpeg0), so ImageIO decodes JPEGs, slower.");
      return Optional.of(new ImageIoDecoder());
    }
    LOG.warn("There is no libjpeg-turbo here (libturbojpeg0), so JPEG pictures are not read.");
    return Optional.empty();
  }

  /** A worker's share of a quarter of the memory. */
  private static long share(GlimpseConfig config) {
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    int workers = config.workers().count().orElse(Runtime.getRuntime().availableProcessors());
    return machine.getTotalMemorySize() / 4 / workers; // both numbers heed a container's limits
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
