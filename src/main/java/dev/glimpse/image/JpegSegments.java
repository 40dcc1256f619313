package dev.glimpse.image;

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

  /** Walks over whole segments; whatever comes after the last of them is not looked at. */
  JpegSegments(byte[] bytes) {
    this.bytes = bytes;
    int at = 0;
    while (at + 4 <= bytes.length && (bytes[at] & 0xFF) == 0xFF) {
      int marker = bytes[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++; // a fill byte
      } else if (marker == SOI || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        at += 2; // a marker without a segment
      } else if (marker == SOS || marker == EOI) {
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
