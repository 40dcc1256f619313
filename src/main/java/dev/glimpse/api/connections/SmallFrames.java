package dev.glimpse.api.connections;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Bounds the small frames of data that a connection of HTTP/2 has sent and that wait to be read:
 * each takes memory of its own, of which the windows know nothing, so a stream of single bytes
 * would hold a hundred times its window. Frames that are read are not counted, however many they
 * are. Confined to the connection's event loop.
 */
final class SmallFrames {

  /** A frame of fewer bytes takes more memory than its bytes do. */
  static final int SMALL_BYTES = 256;

  /** A window of 64 kB holds as many messages of 16 bytes. */
  static final int MOST = 4096;

  /** So many more may wait for each stream that has sent some. */
  static final int OF_A_STREAM = 64;

  private final IntUnaryOperator unreadBytes;
  private final Map<Integer, Stream> streams = new HashMap<>();
  private int waiting;

  /**
   * Creates a bound.
   *
   * @param unreadBytes returns how many bytes of a stream wait to be read, by its id
   */
  SmallFrames(IntUnaryOperator unreadBytes) {
    this.unreadBytes = unreadBytes;
  }

  /**
   * Counts the frames of a stream that wait. It counts in two spans, because the bytes that were
   * read do not say of which frames they were: a span ends when the one before has been read, so
   * that no more than two of them are counted too many.
   */
  private static final class Stream {

    private long received;

    /** Where the first span ends. */
    private long firstEnd;

    private int first;
    private int second;

    int waiting() {
      return first + second;
    }

    void add(int bytes, boolean small) {
      received += bytes;
      second += small ? 1 : 0;
    }

    void forgetRead(long unread) {
      long read = received - unread;
      for (int span = 0; span < 2 && read >= firstEnd; span++) {
        first = second;
        second = 0;
        firstEnd = received;
      }
    }
  }

  /**
   * Counts a frame of data that has arrived and waits.
   *
   * @param bytes that it takes of the windows
   * @param small whether its data has fewer than {@link #SMALL_BYTES}, and it does not end its
   *     stream
   * @throws Http2Exception ENHANCE_YOUR_CALM, of the connection, if too many wait
   */
  void add(int stream, int bytes, boolean small) throws Http2Exception {
    Stream its = streams.get(stream);
    if (its == null) {
      if (!small) {
        return; // what came before the first small one does not matter
      }
      its = new Stream();
      its.received = unreadBytes.applyAsInt(stream) - (long) bytes;
      its.firstEnd = its.received;
      streams.put(stream, its);
    }
    waiting -= its.waiting();
    its.add(bytes, small);
    its.forgetRead(unreadBytes.applyAsInt(stream));
    waiting += its.waiting();
    if (waiting > most()) {
      streams.forEach(this::recount); // some have been read since they were counted
    }
    if (waiting > most()) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM,
          "More than %d frames of fewer than %d bytes wait to be read",
          most(),
          SMALL_BYTES);
    }
  }

  private void recount(int id, Stream stream) {
    waiting -= stream.waiting();
    stream.forgetRead(unreadBytes.applyAsInt(id));
    waiting += stream.waiting();
  }

  private int most() {
    return MOST + OF_A_STREAM * streams.size();
  }

  /** Forgets a stream that has been closed. */
  void closed(int stream) {
    Stream its = streams.remove(stream);
    if (its != null) {
      waiting -= its.waiting();
    }
  }
}
