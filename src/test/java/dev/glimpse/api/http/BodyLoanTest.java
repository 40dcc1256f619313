package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.impl.VertxHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyLoanTest {

  private final BodyLoan loan = BodyLoan.of(new EmbeddedChannel());

  /** What a handler of Vert.x's receives. */
  private final List<Buffer> received = new ArrayList<>();

  @Test
  void eachConnectionHasOne() {
    EmbeddedChannel connection = new EmbeddedChannel();
    assertThat(BodyLoan.of(connection)).isSameAs(BodyLoan.of(connection)).isNotSameAs(loan);
  }

  @Test
  void partIsReadWhereItArrivedAndTakenBackThen() {
    ByteBuf bytes = bytes("-abc");
    bytes.readByte();
    loan.open();
    loan.lend(
        new DefaultHttpContent(bytes),
        part -> {
          ByteBuf lent = VertxHandler.safeBuffer(part.content());
          assertThat(lent).isSameAs(part.content());
          assertThat(lent.memoryAddress()).isEqualTo(bytes.memoryAddress() + 1);
          Buffer read = buffer(lent);
          assertThat(read.length()).isEqualTo(3);
          assertThat(read.toString()).isEqualTo("abc");
          loan.returned();
        });
    assertThat(bytes.refCnt()).isZero();
    assertThat(loan.isOpen()).isTrue();
  }

  @Test
  void partThatIsReadLaterIsThereUntilTheEnd() {
    ByteBuf bytes = bytes("abc");
    loan.open();
    loan.lend(new DefaultHttpContent(bytes), this::receive);
    assertThat(loan.isOpen()).isFalse();
    loan.open();
    assertThat(loan.isOpen()).isFalse();
    Buffer read = received.get(0);
    assertThat(read.toString()).isEqualTo("abc");
    loan.end();
    assertThat(bytes.refCnt()).isZero();
    assertThatThrownBy(read::toString).isInstanceOf(IllegalStateException.class);
    assertThat(read.length()).isEqualTo(3); // a discarded body's parts are counted
    loan.open();
    assertThat(loan.isOpen()).isTrue();
  }

  @Test
  void partIsTakenBackWhenItsReaderFails() {
    ByteBuf bytes = bytes("abc");
    loan.open();
    assertThatThrownBy(() ->
            loan.lend(
                new DefaultHttpContent(bytes),
                part -> {
                  loan.returned();
                  throw new IllegalStateException("test");
                }))
        .hasMessage("test");
    assertThat(bytes.refCnt()).isZero();
  }

  @Test
  void endOfABodyStaysOne() {
    List<HttpContent> passed = new ArrayList<>();
    loan.open();
    LastHttpContent last = new DefaultLastHttpContent(bytes("abc"));
    last.trailingHeaders().set("a", "b");
    loan.lend(last, passed::add);
    loan.lend(LastHttpContent.EMPTY_LAST_CONTENT, passed::add);
    assertThat(passed.get(0))
        .isInstanceOfSatisfying(
            LastHttpContent.class,
            end -> assertThat(end.trailingHeaders().get("a")).isEqualTo("b"));
    assertThat(passed.get(1)).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
    loan.end();
  }

  private void receive(HttpContent part) {
    received.add(buffer(VertxHandler.safeBuffer(part.content())));
  }

  @SuppressWarnings("deprecation") // Vert.x makes its buffers so
  private static Buffer buffer(ByteBuf bytes) {
    return Buffer.buffer(bytes);
  }

  private static ByteBuf bytes(String text) {
    ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer();
    bytes.writeCharSequence(text, StandardCharsets.US_ASCII);
    return bytes;
  }
}
