package dev.glimpse.simulation;

import java.util.List;
import java.util.Optional;

/**
 * Says what one client sends, and what happens on the way. Times are in nanoseconds.
 *
 * @param number names the client in reports
 * @param kind what it sends
 * @param images their numbers
 * @param topK how many classes it asks for
 * @param arrival when it comes, after the start
 * @param timeout how long it may take
 * @param bytes how large its body claims to be
 * @param bodyTakes how long its body, or each half of a large one, takes to arrive
 * @param body how its body ends
 * @param parsing what parsing its body throws
 * @param goneAfter when it disconnects, after its arrival; negative: never
 * @param download how its image is downloaded
 */
record Order(
    int number,
    Kind kind,
    List<Integer> images,
    int topK,
    String model,
    Optional<Integer> version,
    long arrival,
    long timeout,
    int bytes,
    long bodyTakes,
    BodyEnd body,
    Parsing parsing,
    long goneAfter,
    Download download) {

  enum Kind {
    IMAGE,
    BATCH,
    TENSOR,
    TENSOR_OF_IMAGES
  }

  enum BodyEnd {
    WHOLE,
    BROKEN_OFF,
    NEVER
  }

  enum Parsing {
    GOOD,
    MALFORMED,
    BUG,
    OUT_OF_MEMORY
  }

  enum Download {
    NONE,
    GOOD,
    FAILS,
    NEVER_ENDS,
    CANNOT_START
  }

  /** Returns a request for one image that nothing happens to. */
  static Order plain(int number, int image, String model, long timeout) {
    return new Order(
        number,
        Kind.IMAGE,
        List.of(image),
        2,
        model,
        Optional.empty(),
        0,
        timeout,
        10,
        0,
        BodyEnd.WHOLE,
        Parsing.GOOD,
        -1,
        Download.NONE);
  }

  @Override
  public String toString() {
    return "#%d %s%s %s %s top %d, %d us, body of %d bytes %s %d us%s%s%s"
        .formatted(
            number,
            model,
            version.map(one -> "/" + one).orElse(""),
            kind,
            images,
            topK,
            timeout / 1000,
            bytes,
            body,
            bodyTakes / 1000,
            parsing == Parsing.GOOD ? "" : ", parsing " + parsing,
            download == Download.NONE ? "" : ", download " + download,
            goneAfter < 0 ? "" : ", gone after %d us".formatted(goneAfter / 1000));
  }
}
