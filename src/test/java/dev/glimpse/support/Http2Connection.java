package dev.glimpse.support;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Opens an HTTP/2 connection with prior knowledge, whose frames a test controls exactly. */
public final class Http2Connection implements AutoCloseable {

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RESET = 3;

  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int END_STREAM_AND_HEADERS = END_STREAM | END_HEADERS;

  /** {@code :method} in HPACK's static table. */
  private static final int GET = 0x82;

  private static final int POST = 0x83;
  private static final int PRIORITY = 0x20;
  private static final int PRIORITY_BYTES = 5;
  private static final int WINDOW_UPDATE = 8;
  private static final int HEADER_TABLE_SIZE = 1;
  private static final int INITIAL_WINDOW_SIZE = 4;

  private final Socket socket = new Socket();
  private final OutputStream out;
  private final DataInputStream in;
  private int reads;

  /** Holds a frame. */
  public record Frame(int type, int flags, int stream, byte[] payload) {

    /** Returns whether it holds the status 200, as HPACK's static table has it. */
    public boolean isOk() {
      if (type != HEADERS) {
        return false;
      }
      ByteBuffer fields = fields();
      while (sizeUpdate(fields) >= 0) {
        // comes before the fields
      }
      return fields.hasRemaining() && fields.get() == (byte) 0x88;
    }

    /** Returns the last size of its table that the sender of these headers names; or -1. */
    public long tableSize() {
      ByteBuffer fields = fields();
      long last = -1;
      for (long size = sizeUpdate(fields); size >= 0; size = sizeUpdate(fields)) {
        last = size;
      }
      return last;
    }

    /** Returns the headers, if they are the first of their connection. */
    public Http2Headers headers() throws Http2Exception {
      return new DefaultHttp2HeadersDecoder(false)
          .decodeHeaders(stream, Unpooled.wrappedBuffer(fields()));
    }

    private ByteBuffer fields() {
      return ByteBuffer.wrap(payload).position((flags & PRIORITY) == 0 ? 0 : PRIORITY_BYTES);
    }

    /**
     * Reads an update of the table's size; returns -1, and reads nothing, if a field comes next.
     */
    private static long sizeUpdate(ByteBuffer fields) {
      if (!fields.hasRemaining() || (fields.get(fields.position()) & 0xE0) != 0x20) {
        return -1;
      }
      long size = fields.get() & 0x1F;
      if (size == 0x1F) {
        byte part;
        int shift = 0;
        do {
          part = fields.get();
          size += (long) (part & 0x7F) << shift;
          shift += 7;
        } while (part < 0);
      }
      return size;
    }
  }

  /** Connects, and says how many bytes of each response may be sent. */
  public Http2Connection(int port, int windowSize) throws IOException {
    this(port, windowSize, 4096);
  }

  /** Connects, and says also how many bytes of headers the other side may refer to. */
  public Http2Connection(int port, int windowSize, int headerTableSize) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress("localhost", port), TIMEOUT_MILLIS);
    this.out = socket.getOutputStream();
    this.in = new DataInputStream(new BufferedInputStream(counted(socket.getInputStream())));
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer settings = ByteBuffer.allocate(12);
    settings.putShort((short) HEADER_TABLE_SIZE).putInt(headerTableSize);
    settings.putShort((short) INITIAL_WINDOW_SIZE).putInt(windowSize);
    send(frame(SETTINGS, 0, 0, settings.array()));
  }

  private InputStream counted(InputStream bytes) {
    return new FilterInputStream(bytes) {
      @Override
      public int read(byte[] to, int offset, int length) throws IOException {
        reads++;
        return super.read(to, offset, length);
      }
    };
  }

  /** Returns a GET without a body. */
  public static byte[] get(int stream, String path) {
    return frame(HEADERS, END_STREAM_AND_HEADERS, stream, head(GET, path).toByteArray());
  }

  /**
   * Returns a GET with a header that the other side is to remember.
   *
   * @param value at most 126 characters
   */
  public static byte[] get(int stream, String path, String name, String value) {
    ByteArrayOutputStream headers = head(GET, path);
    headers.write(0x40); // literal, indexed
    text(headers, name);
    text(headers, value);
    return frame(HEADERS, END_STREAM_AND_HEADERS, stream, headers.toByteArray());
  }

  /** Returns a POST with a body of at most 16,384 bytes. */
  public static byte[] post(int stream, String path, String contentType, byte[] body) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(beginPost(stream, path, contentType));
    frames.writeBytes(frame(DATA, END_STREAM, stream, body));
    return frames.toByteArray();
  }

  /** Returns the head of a POST, whose body is to follow. */
  public static byte[] beginPost(int stream, String path, String contentType) {
    return beginPost(stream, path, contentType, Map.of());
  }

  /** Returns the head of a POST with more headers, whose body is to follow. */
  public static byte[] beginPost(
      int stream, String path, String contentType, Map<String, String> more) {
    ByteArrayOutputStream headers = head(POST, path);
    more.forEach((name, value) -> {
      headers.write(0); // literal
      text(headers, name);
      text(headers, value);
    });
    headers.writeBytes(new byte[] {0x0F, 0x10}); // content-type, 31 in the static table
    text(headers, contentType);
    return frame(HEADERS, END_HEADERS, stream, headers.toByteArray());
  }

  private static ByteArrayOutputStream head(int method, String path) {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    headers.write(method);
    headers.write(0x86); // :scheme http
    literal(headers, 0x04, path); // :path
    literal(headers, 0x01, "localhost"); // :authority
    return headers;
  }

  private static void literal(ByteArrayOutputStream headers, int name, String value) {
    headers.write(name);
    text(headers, value);
  }

  private static void text(ByteArrayOutputStream headers, String value) {
    headers.write(value.length());
    headers.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  /** Returns a frame that lets the server send so many bytes more, on all streams together. */
  public static byte[] moreData(int bytes) {
    return moreData(0, bytes);
  }

  /** Returns a frame that lets the server send so many bytes more on a stream. */
  public static byte[] moreData(int stream, int bytes) {
    return frame(
        WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array());
  }

  /** Returns a frame of any kind, however wrong. */
  public static byte[] frame(Kind kind, int flags, int stream, byte[] payload) {
    return frame(kind.type, flags, stream, payload);
  }

  /** Is a kind of frame that only attacks send by themselves, or many of. */
  public enum Kind {
    DATA(0),
    HEADERS(1),
    PRIORITY(2),
    RST_STREAM(3),
    SETTINGS(4),
    PUSH_PROMISE(5),
    PING(6),
    GO_AWAY(7),
    WINDOW_UPDATE(8),
    CONTINUATION(9),
    UNKNOWN(99);

    private final int type;

    Kind(int type) {
      this.type = type;
    }
  }

  /** Returns the fields of a POST, for a frame of its own. */
  public static byte[] postFields(String path) {
    return head(POST, path).toByteArray();
  }

  /** Returns the fields of a GET, for a frame of its own. */
  public static byte[] getFields(String path) {
    return head(GET, path).toByteArray();
  }

  /** Returns a frame that cancels a stream. */
  public static byte[] cancel(int stream) {
    return frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
    return frame.putInt(stream).put(payload).array();
  }

  public void send(byte[] frames) throws IOException {
    out.write(frames);
    out.flush();
  }

  /** Returns how many times bytes have been taken from the socket. */
  public int reads() {
    return reads;
  }

  /** Reads the next frame; throws an {@link IOException} if the connection has ended. */
  public Frame read() throws IOException {
    int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("half a frame");
    }
    return new Frame(type, flags, stream, payload);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
