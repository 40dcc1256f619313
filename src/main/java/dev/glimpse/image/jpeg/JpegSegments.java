package dev.glimpse.image.jpeg;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.UnreadableImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lists the <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">segments</a> before a JPEG's
 * first scan. Immutable; any thread may use it.
 */
final class JpegSegments {

  static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;

  /** Encoders write about 10; those that optimise for size, a few more. */
  private static final int USUAL_SCANS = 16;

  /** The most that libjpeg-turbo accepts. */
  private static final int MAX_SCANS = 500;

  /** Pixels times scans that any file may cost; about a fifth of a second. */
  private static final long FREE_PASSES = 200_000_000;

  /**
   * Pixels times scans that each byte may cost beyond that. A white page, whose scans are the
   * smallest, has less than a thousand.
   */
  private static final long PASSES_PER_BYTE = 1000;

  /** Pixels times scans: 20 scans of 50 megapixels. */
  private static final long MAX_SCANNED = 1_000_000_000;

  /** A file of segments alone holds one in each 4 bytes, and would take many times its size. */
  private static final int MAX_SEGMENTS = 1 << 16;

  /** The end marker. */
  static final byte[] END = {(byte) 0xFF, (byte) EOI};

  private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);

  /**
   * Locates a segment.
   *
   * @param marker its code, without the 0xFF before it
   * @param start offset of its marker
   * @param data offset of its content
   * @param end offset of the end of its content
   */
  record Segment(int marker, int start, int data, int end) {

    /** Tells whether it is one of SOF0 to SOF15; the codes of DHT, JPG and DAC lie among them. */
    private boolean isStartOfFrame() {
      return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }
  }

  private final ByteBuffer bytes;
  private final List<Segment> segments = new ArrayList<>();

  /** Offset of the first scan's marker; the end of the file if there is none. */
  private int scan;

  /**
   * Finds all complete segments; ignores what follows the last of them. Skips bytes between
   * segments, as libjpeg does.
   */
  JpegSegments(ByteBuffer bytes) {
    this.bytes = bytes;
    this.scan = bytes.limit();
    int at = 0;
    while (at + 4 <= bytes.limit()) {
      int marker = bytes.get(at + 1) & 0xFF;
      if ((bytes.get(at) & 0xFF) != 0xFF || marker == 0xFF || marker == 0) {
        at++; // a fill byte, or a stray one
      } else if (marker == SOI || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        at += 2; // a marker without a segment
      } else if (marker == SOS) {
        this.scan = at;
        return;
      } else if (marker == EOI) {
        return;
      } else {
        int end = at + 2 + (((bytes.get(at + 2) & 0xFF) << 8) | (bytes.get(at + 3) & 0xFF));
        if (end < at + 4 || end > bytes.limit()) {
          return;
        }
        keep(new Segment(marker, at, at + 4, end));
        at = end;
      }
    }
  }

  /** Keeps a segment if it is of a kind that callers ask for. */
  private void keep(Segment segment) {
    int marker = segment.marker;
    if (!segment.isStartOfFrame() && marker != APP1 && marker != APP2 && marker != APP14) {
      return;
    }
    if (segments.size() == MAX_SEGMENTS) {
      throw new IllegalArgumentException("More segments than any encoder writes");
    }
    segments.add(segment);
  }

  /** Finds the frame header: bits per sample (1 byte), height (2), width (2), components (1) … */
  Optional<Segment> frame() {
    return segments.stream().filter(s -> s.isStartOfFrame() && s.end - s.data >= 6).findFirst();
  }

  /** Returns the bits per sample; 0 if there is no frame header. */
  int precision() {
    return frame().map(f -> bytes.get(f.data) & 0xFF).orElse(0);
  }

  /** Tells whether it is lossless, which is rare: SOF3, 7, 11 or 15. */
  boolean isLossless() {
    return frame().filter(f -> (f.marker & 3) == 3).isPresent();
  }

  /** Returns the samples per pixel; 0 if there is no frame header. */
  int components() {
    return frame().map(f -> bytes.get(f.data + 5) & 0xFF).orElse(0);
  }

  /** Tells whether the first scan holds the whole image: not progressive, all colours at once. */
  boolean hasOneScan() {
    boolean sequential =
        frame().filter(f -> f.marker <= 0xC1 || f.marker == 0xC9).isPresent(); // SOF0, 1 and 9
    return sequential && scan + 4 < bytes.limit() && (bytes.get(scan + 4) & 0xFF) == components();
  }

  /**
   * Tells whether the image is stored as that of nearly every camera is: in one scan, by Huffman
   * codes, with 8 bits for each of three components, the first of which has as many samples as
   * there are pixels and the others as many, a half or a quarter.
   */
  boolean isUsualColourPhoto() {
    Optional<Segment> frame = frame().filter(f -> f.marker <= 0xC1 && f.end - f.data >= 15);
    if (frame.isEmpty() || !hasOneScan() || precision() != 8 || components() != 3) {
      return false;
    }
    int first = frame.get().data + 7;
    int factors = bytes.get(first) & 0xFF;
    return (factors >> 4 == 1 || factors >> 4 == 2)
        && ((factors & 15) == 1 || (factors & 15) == 2)
        && bytes.get(first + 3) == 0x11
        && bytes.get(first + 6) == 0x11;
  }

  /**
   * Returns the bytes that libjpeg takes for the coefficients of an image in several scans: 2 for
   * each sample of each colour; 0 for an image in one scan.
   *
   * @param pixels of the image
   */
  long coefficients(long pixels) {
    if (hasOneScan()) {
      return 0;
    }
    int samples = 0;
    int most = 1;
    for (int component = 0; component < components(); component++) {
      int at = frame().map(Segment::data).orElseThrow() + 6 + 3 * component + 1;
      int factors = at < bytes.limit() ? bytes.get(at) & 0xFF : 0;
      int area = Math.max(1, (factors >> 4) * (factors & 15));
      samples += area;
      most = Math.max(most, area);
    }
    return 2 * pixels * samples / most;
  }

  /** Returns how often the decoder passes over all coefficients; 0 for an image in one scan. */
  int scans() {
    if (hasOneScan()) {
      return 0;
    }
    int scans = 0;
    for (int at = scan; at + 1 < bytes.limit(); at++) {
      if (bytes.get(at) == (byte) 0xFF && bytes.get(at + 1) == (byte) SOS) {
        scans++;
      }
    }
    return scans;
  }

  /**
   * Refuses a file that makes the decoder pass over all its pixels again and again, and has hardly
   * any content: a scan without content takes 11 bytes, and as much time as any other.
   *
   * @param pixels of the image
   * @throws ServingException TOO_LARGE
   */
  void requireFewPasses(long pixels) {
    int scans = scans();
    long most = FREE_PASSES + PASSES_PER_BYTE * bytes.limit();
    if (scans <= MAX_SCANS && scans * pixels > most) { // more are not decoded at all
      throw new ServingException(
          Failure.TOO_LARGE,
          "The JPEG image has %d scans of %d pixels, which take too long to decode; a file of %d bytes may have %d at most."
              .formatted(scans, pixels, bytes.limit(), most / pixels));
    }
  }

  /**
   * Refuses a file of more scans than encoders write.
   *
   * @param pixels of the image
   */
  void requireFewScans(long pixels) throws UnreadableImage {
    int scans = scans();
    if (scans > USUAL_SCANS && (scans > MAX_SCANS || scans * pixels > MAX_SCANNED)) {
      throw new UnreadableImage("it has %d scans, too many to be a photo".formatted(scans));
    }
  }

  /** Tells whether an end marker follows the beginning of the first scan. */
  boolean hasEnd() {
    for (int at = scan; at + 1 < bytes.limit(); at++) {
      if ((bytes.get(at) & 0xFF) == 0xFF && (bytes.get(at + 1) & 0xFF) == EOI) {
        return true;
      }
    }
    return false;
  }

  /** Returns every segment with this marker, in order. */
  List<Segment> all(int marker) {
    return segments.stream().filter(s -> s.marker == marker).toList();
  }

  /** Returns the colour transform in Adobe's segment: 0, 1 (YCbCr) or 2 (YCCK); empty if none. */
  Optional<Integer> adobeTransform() {
    return all(APP14).stream()
        .filter(s -> startsWith(s, ADOBE) && s.end - s.data >= 12)
        .map(s -> bytes.get(s.data + 11) & 0xFF)
        .findFirst();
  }

  /**
   * Returns the file, which is on the heap, without its colour profile, or the file itself if it
   * has none.
   */
  byte[] withoutProfile() {
    byte[] file = ImageCodec.array(bytes);
    List<Segment> profile = all(APP2).stream().filter(s -> startsWith(s, PROFILE)).toList();
    if (profile.isEmpty()) {
      return file;
    }
    ByteArrayOutputStream rest = new ByteArrayOutputStream(file.length);
    int at = 0;
    for (Segment segment : profile) {
      rest.write(file, at, segment.start - at);
      at = segment.end;
    }
    rest.write(file, at, file.length - at);
    return rest.toByteArray();
  }

  private boolean startsWith(Segment segment, byte[] prefix) {
    return segment.end - segment.data >= prefix.length
        && bytes.slice(segment.data, prefix.length).equals(ByteBuffer.wrap(prefix));
  }
}
