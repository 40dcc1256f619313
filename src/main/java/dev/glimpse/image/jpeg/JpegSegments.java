package dev.glimpse.image.jpeg;

import dev.glimpse.image.UnreadableImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">segments</a> before a JPEG's first
 * scan.
 */
final class JpegSegments {

  static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;

  /** Encoders write about 10; those that try for the smallest file, a few more. */
  private static final int USUAL_SCANS = 16;

  /** As many as libjpeg-turbo takes at the most. */
  private static final int MAX_SCANS = 500;

  /** Pixels times scans: 20 scans of the default's most pixels. */
  private static final long MAX_SCANNED = 1_000_000_000;

  /** The end marker. */
  static final byte[] END = {(byte) 0xFF, (byte) EOI};

  private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);

  /**
   * A segment.
   *
   * @param marker its code, without the 0xFF before it
   * @param start where its marker begins
   * @param data where its content begins
   * @param end where its content ends
   */
  record Segment(int marker, int start, int data, int end) {

    /** SOF0 to SOF15, less DHT, JPG and DAC, whose codes lie among them. */
    private boolean isStartOfFrame() {
      return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }
  }

  private final byte[] bytes;
  private final List<Segment> segments = new ArrayList<>();

  /** Where the first scan's marker is; the end of the file if it has none. */
  private int scan;

  /**
   * Walks over whole segments; whatever comes after the last of them is not looked at. Bytes
   * between them that belong to none are passed over, as libjpeg does it.
   */
  JpegSegments(byte[] bytes) {
    this.bytes = bytes;
    this.scan = bytes.length;
    int at = 0;
    while (at + 4 <= bytes.length) {
      int marker = bytes[at + 1] & 0xFF;
      if ((bytes[at] & 0xFF) != 0xFF || marker == 0xFF || marker == 0) {
        at++; // a fill byte, or one that does not belong here
      } else if (marker == SOI || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        at += 2; // a marker without a segment
      } else if (marker == SOS) {
        this.scan = at;
        return;
      } else if (marker == EOI) {
        return;
      } else {
        int end = at + 2 + (((bytes[at + 2] & 0xFF) << 8) | (bytes[at + 3] & 0xFF));
        if (end < at + 4 || end > bytes.length) {
          return;
        }
        segments.add(new Segment(marker, at, at + 4, end));
        at = end;
      }
    }
  }

  /** The segment that says the size: bits a sample (1 byte), height (2), width (2), and more. */
  Optional<Segment> frame() {
    return segments.stream().filter(s -> s.isStartOfFrame() && s.end - s.data >= 6).findFirst();
  }

  /** How many bits a sample has; 0 if there is no frame. */
  int precision() {
    return frame().map(f -> bytes[f.data] & 0xFF).orElse(0);
  }

  /** Whether it is of the rare kind that loses nothing: SOF3, 7, 11 or 15. */
  boolean isLossless() {
    return frame().filter(f -> (f.marker & 3) == 3).isPresent();
  }

  /** How many samples a pixel has; 0 if there is no frame. */
  int components() {
    return frame().map(f -> bytes[f.data + 5] & 0xFF).orElse(0);
  }

  /**
   * Whether the first scan holds the whole picture: it is not progressive, nor colour by colour.
   */
  boolean hasOneScan() {
    boolean sequential =
        frame().filter(f -> f.marker <= 0xC1 || f.marker == 0xC9).isPresent(); // SOF0, 1 and 9
    return sequential && scan + 4 < bytes.length && (bytes[scan + 4] & 0xFF) == components();
  }

  /**
   * How much memory libjpeg takes for the coefficients of a picture that comes in several scans: 2
   * bytes each, as many as the colours have samples.
   *
   * @param pixels of the picture
   */
  long coefficients(long pixels) {
    if (hasOneScan()) {
      return 0;
    }
    int samples = 0;
    int most = 1;
    for (int component = 0; component < components(); component++) {
      int at = frame().map(Segment::data).orElseThrow() + 6 + 3 * component + 1;
      int factors = at < bytes.length ? bytes[at] & 0xFF : 0;
      int area = Math.max(1, (factors >> 4) * (factors & 15));
      samples += area;
      most = Math.max(most, area);
    }
    return 2 * pixels * samples / most;
  }

  /**
   * Refuses a file that asks for a walk over all its pixels again and again: a scan that says
   * nothing takes 11 bytes, and as long as any other.
   *
   * @param pixels of the picture
   */
  void requireFewScans(long pixels) throws UnreadableImage {
    if (hasOneScan()) {
      return;
    }
    int scans = 0;
    for (int at = scan; at + 1 < bytes.length; at++) {
      if (bytes[at] == (byte) 0xFF && bytes[at + 1] == (byte) SOS) {
        scans++;
      }
    }
    if (scans > USUAL_SCANS && (scans > MAX_SCANS || scans * pixels > MAX_SCANNED)) {
      throw new UnreadableImage("it has %d scans, too many to be a photo".formatted(scans));
    }
  }

  /** Whether an end marker comes after the first scan's beginning. */
  boolean hasEnd() {
    for (int at = scan; at + 1 < bytes.length; at++) {
      if ((bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xFF) == EOI) {
        return true;
      }
    }
    return false;
  }

  /** Every segment with this marker, in their order. */
  List<Segment> all(int marker) {
    return segments.stream().filter(s -> s.marker == marker).toList();
  }

  /** What Adobe's segment says of the colours: 0, 1 (YCbCr) or 2 (YCCK); empty if there is none. */
  Optional<Integer> adobeTransform() {
    return all(APP14).stream()
        .filter(s -> startsWith(s, ADOBE) && s.end - s.data >= 12)
        .map(s -> bytes[s.data + 11] & 0xFF)
        .findFirst();
  }

  /** The file without its colour profile; the file itself if it has none. */
  byte[] withoutProfile() {
    List<Segment> profile = all(APP2).stream().filter(s -> startsWith(s, PROFILE)).toList();
    if (profile.isEmpty()) {
      return bytes;
    }
    ByteArrayOutputStream rest = new ByteArrayOutputStream(bytes.length);
    int at = 0;
    for (Segment segment : profile) {
      rest.write(bytes, at, segment.start - at);
      at = segment.end;
    }
    rest.write(bytes, at, bytes.length - at);
    return rest.toByteArray();
  }

  private boolean startsWith(Segment segment, byte[] prefix) {
    return segment.end - segment.data >= prefix.length
        && java.util.Arrays.equals(
            bytes, segment.data, segment.data + prefix.length, prefix, 0, prefix.length);
  }
}
