package dev.glimpse.image;

/**
 * Decodes pictures of one format, or of several. Stateless; any thread may call it. What it throws
 * besides {@link UnreadableImage}, an {@link ArrayIndexOutOfBoundsException} say, counts as
 * "corrupt".
 */
interface Decoder {

  /**
   * Decodes a picture as it is stored: orientation is not applied, a colour profile is not applied,
   * transparency lies over white, and of an animation only the first frame counts.
   *
   * @param bytes the whole file
   * @param header what it says of itself; its pixels are within the limit
   * @param scale the smallest share of its width and height that is wanted, above 0 and at most 1;
   *     a decoder may give more, up to the whole size
   * @return pixels of the stored size, or of a smaller one that is at least {@code scale} of it
   * @throws UnreadableImage if the bytes are truncated or corrupt
   */
  Pixels decode(byte[] bytes, ImageHeader header, double scale) throws UnreadableImage;

  /**
   * How much memory {@link #decode} will take for its result and on the way to it, beside the file.
   *
   * @return in bytes; a little more than is needed rather than less
   */
  long memory(byte[] bytes, ImageHeader header, double scale);
}
