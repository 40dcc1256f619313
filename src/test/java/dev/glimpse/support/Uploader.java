package dev.glimpse.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Uploads a file again and again over one connection. The kernel sends it from its cache, so that
 * many uploaders leave the CPUs to the service.
 */
public final class Uploader implements AutoCloseable {

  private final SocketChannel channel;
  private final BufferedReader responses;
  private final FileChannel file;

  /** Connects to a service on this machine. */
  public Uploader(int port, Path file) throws IOException {
    this.channel = SocketChannel.open(new InetSocketAddress("localhost", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.socket().setSoTimeout(20_000);
    this.responses =
        new BufferedReader(
            new InputStreamReader(channel.socket().getInputStream(), StandardCharsets.ISO_8859_1));
    this.file = FileChannel.open(file);
  }

  /** Sends the file to {@code /predict}, and returns the status of the response. */
  public int post() throws IOException {
    String head =
        "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: "
            + file.size()
            + "\r\n\r\n";
    channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
    for (long sent = 0; sent < file.size(); ) {
      sent += file.transferTo(sent, file.size() - sent, channel);
    }
    return status();
  }

  /** Sends a GET, and returns the status of the response. */
  public int get(String path) throws IOException {
    String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
    return status();
  }

  private int status() throws IOException {
    String first = responses.readLine();
    if (first == null) {
      throw new IOException("The connection ended before a response.");
    }
    long length = 0;
    String line = responses.readLine();
    while (line != null && !line.isEmpty()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Long.parseLong(line.substring("content-length:".length()).strip());
      }
      line = responses.readLine();
    }
    for (long read = 0; read < length; read++) {
      if (responses.read() < 0) {
        throw new IOException("The connection ended in a response.");
      }
    }
    return Integer.parseInt(first.split(" ", 3)[1]);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    file.close();
  }
}
