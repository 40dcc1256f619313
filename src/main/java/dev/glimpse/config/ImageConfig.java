package dev.glimpse.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Optional;

/** How large an image may be, and how it is decoded. */
public interface ImageConfig {

  /** How exactly an image is decoded. */
  enum Decode {
    /**
     * A JPEG that is much larger than the model's input is decoded at a half, a quarter or an
     * eighth of its size, if that leaves at least four times the pixels, in each direction, that
     * the model's resize needs. Scores then differ from {@link #EXACT} by some hundredths; where
     * two classes have nearly equal scores, their order may change.
     */
    FAST,
    /** Every image is decoded at full size, as in the reference. */
    EXACT
  }

  /**
   * The largest request body in bytes; a larger one is answered with 413 before all of it is read.
   * The default takes what phones of 200 megapixels write; where {@code glimpse.memory.bodies} is
   * smaller, that is the limit. Lower it to what clients send.
   */
  @WithDefault("32M")
  MemorySize maxBytes();

  /**
   * The most pixels (width × height) of an image, read from its header; an image with more is
   * answered with 413 before it is decoded. This bounds the time that an image takes. The default
   * takes JPEGs of 200 megapixels, which are decoded at a fraction of their size; other formats
   * reach {@link #maxMemory} before it.
   */
  @WithDefault("250000000")
  @Min(1)
  @Max(500_000_000)
  long maxPixels();

  /**
   * The most memory that decoding one image may take besides its file; an image that needs more is
   * answered with 413 before it is decoded. Most need 3 bytes per pixel, or less where {@link
   * #decode} makes them smaller; WebP needs 7 or 8, HEIC and AVIF up to 35, and a JPEG in several
   * scans up to 12. Default: a quarter of the machine's memory, or of the container's limit,
   * divided by the number of workers, and at most 512 MiB. Raise it for larger images if there is
   * memory for one per worker; lower it if other programs need the memory.
   */
  Optional<MemorySize> maxMemory();

  /**
   * Native memory for decoded JPEG, PNG, WebP, HEIC and AVIF images that is kept for later ones,
   * over all workers. An image takes 3 bytes per pixel: 37 MB for 12 megapixels. Raise it to
   * workers × a usual image's memory, as the system provides new memory page by page, which is
   * slow. Lower it, down to 0, to hold less between requests; the peak of one request stays the
   * same.
   */
  @WithDefault("64M")
  MemorySize keptMemory();

  /**
   * {@code fast} saves time and memory on large JPEGs, where libjpeg-turbo is installed: 12
   * megapixels take little more than half the time, and are decoded to a quarter of the pixels.
   * {@code exact} gives the scores of the reference, for an image of any size.
   */
  @WithDefault("fast")
  Decode decode();
}
