package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closes a port behind which connections wait to be accepted. */
@Timeout(30)
class PortCloseTest {

  /** More than Netty accepts at a time, which are 16, and fewer than the kernel keeps. */
  private static final int CLIENTS = 40;

  private final EventLoopGroup loop = new NioEventLoopGroup(1);
  private final List<Socket> clients = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    loop.shutdownGracefully();
  }

  @Test
  void connectionsThatWaitAreAnswered() throws Exception {
    Channel port = openButDoNotAccept();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(connect(port));
    }

    PortClose.close(port);

    for (Socket client : clients) {
      assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
    }
    assertThatThrownBy(() -> connect(port)).isInstanceOf(ConnectException.class);
  }

  @Test
  void closedPortMayBeClosedAgain() throws Exception {
    Channel port = openButDoNotAccept();
    port.close().sync();

    PortClose.close(port);

    assertThat(port.isOpen()).isFalse();
  }

  private static Socket connect(Channel port) throws IOException {
    int number = ((InetSocketAddress) port.localAddress()).getPort();
    return new Socket(InetAddress.getLoopbackAddress(), number);
  }

  private Channel openButDoNotAccept() throws InterruptedException {
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 128)
        .option(ChannelOption.AUTO_READ, false)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel connection) {
                connection.pipeline().addLast(new Answer());
              }
            })
        .bind(InetAddress.getLoopbackAddress(), 0)
        .sync()
        .channel();
  }

  /** Answers a connection as soon as it has been accepted. */
  private static final class Answer extends ChannelInboundHandlerAdapter {

    @Override
    public void channelActive(ChannelHandlerContext context) {
      byte[] answer = "answer".getBytes(StandardCharsets.US_ASCII);
      context
          .writeAndFlush(Unpooled.wrappedBuffer(answer))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }
}
