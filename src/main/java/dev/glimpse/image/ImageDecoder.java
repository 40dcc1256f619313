package dev.glimpse.image;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.ImageConfig.Decode;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.OptionalDouble;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns a file's bytes into upright pixels: finds the codec, reads the header, checks the limits,
 * decodes. Any thread may use it.
 */
@ApplicationScoped
public class ImageDecoder {

  private static final Logger LOG = Logger.getLogger(ImageDecoder.class);

  private final ImageLimits limits;
  private final Decode decode;
  private final PixelMemory memory;
  private final ImageFormats formats;
  private final RequestMemory budgets;

  /** Decodes these formats within the limits of {@code glimpse.image}, with budgets of its own. */
  public ImageDecoder(GlimpseConfig config, ImageFormats formats) {
    this(config, formats, new RequestMemory(config));
  }

  /** Decodes these formats within the limits of {@code glimpse.image} and these budgets. */
  @Inject
  public ImageDecoder(GlimpseConfig config, ImageFormats formats, RequestMemory budgets) {
    this.budgets = budgets;
    this.limits =
        new ImageLimits(
            config.image().maxPixels(), budgets.mostForImage(), budgets.work().capacity());
    this.decode = config.image().decode();
    long kept = config.image().keptMemory().asLongValue();
    this.memory = new PixelMemory(Math.min(kept, budgets.pixels().capacity() / 2));
    this.formats = formats;
  }

  /** Says how large an image has to be decoded to serve a purpose. */
  @FunctionalInterface
  public interface Scale {

    /**
     * Returns the smallest fraction of width and height that is enough.
     *
     * @param width of the whole image, upright, in pixels
     * @param height of the whole image, upright, in pixels
     * @return above 0 and at most 1
     */
    double of(int width, int height);
  }

  /**
   * Names what decodes a format, for operators, such as "TurboJPEG 2"; "not read" if nothing does.
   *
   * @param format its name, such as "JPEG"
   */
  public String decoderOf(String format) {
    return formats.named(format).map(ImageCodec::implementation).orElse("not read");
  }

  /** Decodes a file's first or only image as {@link #decode(ImageFile, Scale)}, at full size. */
  public Pixels decode(byte[] file) {
    return decode(Bytes.of(file), (width, height) -> 1);
  }

  /**
   * Decodes an image; of an animation, the first frame. Transparency is laid over white. Colour
   * profiles are not applied. Decodes on the calling thread.
   *
   * @param image whose file is not needed after the call
   * @param scale ignored if {@code glimpse.image.decode} is {@code exact}; the result may be larger
   *     than it says, up to full size
   * @return to be closed by the caller when it has read the pixels
   * @throws ServingException UNSUPPORTED_MEDIA_TYPE if the format is not supported; TOO_LARGE if
   *     the header says more pixels than {@code glimpse.image.max-pixels}, a side over 65,535, or
   *     decoding needs more memory than {@code glimpse.image.max-memory}; UNREADABLE_IMAGE if the
   *     file is truncated, corrupt or not an image; INVALID_PARAMETER if it has no such page
   */
  public Pixels decode(ImageFile image, Scale scale) {
    return decode(image, scale, Part.WHOLE);
  }

  /**
   * Decodes at least a part of an image; otherwise as {@link #decode(ImageFile, Scale)}.
   *
   * @param part of the upright image, whose other pixels must not be read
   */
  public Pixels decode(ImageFile image, Scale scale, Part part) {
    Bytes file = image.bytes();
    try (Bytes.Reading reading = file.read()) {
      ImageCodec codec = formats.codecFor(reading.buffer());
      if (!codec.decodesOnHeap()) {
        return decode(
            codec, page(codec, reading.buffer(), image), scale, part, budgets.pixels().open());
      }
      try (Reservation copy = budgets.work().open()) {
        boolean copied = takeForCopy(image, copy);
        Reservation reservation = copied ? budgets.work().openMore() : budgets.work().open();
        return decode(codec, onHeap(codec, image), scale, part, reservation);
      }
    }
  }

  /** Decodes the first or only image of a file; otherwise as {@link #decode(ImageFile, Scale)}. */
  public Pixels decode(Bytes file, Scale scale) {
    return decode(new ImageFile(file), scale);
  }

  /** Reserves memory for the copy that {@link #onHeap} makes, and returns whether it makes one. */
  private static boolean takeForCopy(ImageFile image, Reservation copy) {
    boolean copied = image.bytes().isNative() || image.page() > 0;
    if (copied) {
      copy.await(Math.min(image.bytes().length(), copy.most()));
    }
    return copied;
  }

  /** Returns the file in an array of its own, with the page first. */
  private static ByteBuffer onHeap(ImageCodec codec, ImageFile image) {
    return page(codec, ByteBuffer.wrap(image.bytes().toArray()), image);
  }

  private static ByteBuffer page(ImageCodec codec, ByteBuffer file, ImageFile image) {
    if (image.page() == 0) {
      return file;
    }
    try {
      // What is native is copied to the heap, and then nothing else reads the copy.
      return codec.withPageFirst(file, image.page(), image.bytes().isNative());
    } catch (UnreadableImage e) {
      throw noHeader(codec, e.why(), e);
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw noHeader(codec, "it ends before the header of the page does", e);
    }
  }

  private Pixels decode(
      ImageCodec codec, ByteBuffer file, Scale scale, Part part, Reservation reservation) {
    ImageHeader header = header(codec, file);
    limits.checkSize(header);
    double wanted = scale(header, scale);
    try {
      long needed = codec.estimateBytes(file, header, wanted);
      boolean onHeap = codec.decodesOnHeap();
      limits.checkMemory(codec, file, needed);
      // Native code may work on a copy of the file.
      return decode(
          codec, file, header, wanted, part, reservation, onHeap ? needed : needed + file.limit());
    } catch (ServingException e) {
      throw e; // the codec knows the reason
    } catch (OutOfMemoryError e) {
      LOG.warnf("Out of memory while decoding a %s image: %s", codec.name(), e.getMessage());
      throw new ServingException(
          Failure.TOO_LARGE, "There is not enough memory to decode the image.", e);
    } catch (UnreadableImage | RuntimeException e) {
      // Codecs meet corrupt bytes with exceptions of every kind.
      LOG.tracef(e, "Unreadable %s image", codec.name());
      String why = e instanceof UnreadableImage unreadable ? unreadable.why() : "corrupt";
      throw new ServingException(
          Failure.UNREADABLE_IMAGE,
          "The %s image cannot be decoded: %s.".formatted(codec.name(), why),
          e);
    }
  }

  /**
   * Estimates from the header how long decoding an image and resizing the result will take.
   *
   * @param scale as for {@link #decode(ImageFile, Scale)}
   * @return in nanoseconds of one core
   * @throws ServingException as {@link #decode(ImageFile, Scale)} does, for what the header tells
   */
  public long estimateNanos(ImageFile image, Scale scale) {
    try (Bytes.Reading reading = image.bytes().read();
        Reservation copy = budgets.work().open()) {
      ImageCodec codec = formats.codecFor(reading.buffer());
      ByteBuffer whole = reading.buffer();
      if (codec.decodesOnHeap()) {
        takeForCopy(image, copy);
        whole = onHeap(codec, image);
      } else {
        whole = page(codec, whole, image);
      }
      ImageHeader header = header(codec, whole);
      limits.checkSize(header);
      return codec.estimateNanos(whole, header, scale(header, scale));
    }
  }

  /** Decodes when there is memory, which is released with the pixels. */
  private Pixels decode(
      ImageCodec codec,
      ByteBuffer file,
      ImageHeader header,
      double scale,
      Part part,
      Reservation reservation,
      long needed)
      throws UnreadableImage {
    boolean given = false;
    try {
      reservation.await(Math.min(needed, reservation.most()));
      Pixels pixels =
          codec
              .decodePart(file, header, scale, stored(part, header.orientation()), memory)
              .oriented(header.orientation())
              .releasing(facts(codec, file, header), reservation::close);
      given = true;
      return pixels;
    } finally {
      if (!given) {
        reservation.close();
      }
    }
  }

  /** Returns the part of the stored image that becomes a part of the upright one. */
  private static Part stored(Part upright, Orientation orientation) {
    return (width, height) ->
        orientation.stored(
            orientation.transposes() ? upright.of(height, width) : upright.of(width, height),
            width,
            height);
  }

  private static ImageFacts facts(ImageCodec codec, ByteBuffer file, ImageHeader header) {
    boolean transposed = header.orientation().transposes();
    return new ImageFacts(
        codec.name(),
        transposed ? header.height() : header.width(),
        transposed ? header.width() : header.height(),
        file.limit(),
        OptionalDouble.empty());
  }

  /** Returns how many bytes of native memory are kept for the next images. */
  public long memoryKept() {
    return memory.kept();
  }

  /** Returns how many bytes of native memory hold images and files now. */
  public long memoryLent() {
    return memory.lent();
  }

  /** Frees the native memory that is kept. */
  @PreDestroy
  void close() {
    memory.close();
  }

  private static ImageHeader header(ImageCodec codec, ByteBuffer file) {
    ImageHeader header;
    try {
      header = codec.header(file);
    } catch (UnreadableImage e) {
      throw noHeader(codec, e.why(), e);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw noHeader(codec, "it ends before its header does", e);
    }
    if (header.width() < 1 || header.height() < 1) {
      throw noHeader(codec, "its header says that it has no pixels", null);
    }
    return header;
  }

  private static ServingException noHeader(
      ImageCodec codec, String why, @Nullable Exception cause) {
    return new ServingException(
        Failure.UNREADABLE_IMAGE,
        "The bytes start like a %s image but are not one: %s.".formatted(codec.name(), why),
        cause);
  }

  private double scale(ImageHeader header, Scale scale) {
    if (decode == Decode.EXACT) {
      return 1;
    }
    return header.orientation().transposes()
        ? scale.of(header.height(), header.width())
        : scale.of(header.width(), header.height());
  }
}
