package dev.glimpse.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyPartsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BodyParts.MOST, BodyParts.MOST + 1, 64 << 10, (64 << 10) - 1})
  void partsAreSmallAndTogetherTheWhole(int length) {
    ByteBuf bytes = bytes(length);
    ByteBuf whole = bytes.copy();
    ByteBuf together = PooledByteBufAllocator.DEFAULT.heapBuffer();
    BodyParts.cut(
        new DefaultHttpContent(bytes),
        part -> {
          assertThat(part.content().readableBytes()).isBetween(Math.min(length, 1), BodyParts.MOST);
          together.writeBytes(part.content());
          part.release();
        });
    assertThat(together).isEqualTo(whole);
    assertThat(bytes.refCnt()).isZero();
    whole.release();
    together.release();
  }

  @Test
  void onlyTheLastPartEndsTheBody() {
    LastHttpContent last = new DefaultLastHttpContent(bytes(3 * BodyParts.MOST));
    last.trailingHeaders().set("a", "b");
    List<HttpContent> parts = new ArrayList<>();
    BodyParts.cut(last, parts::add);
    assertThat(parts).hasSize(3);
    assertThat(parts.subList(0, 2)).noneMatch(LastHttpContent.class::isInstance);
    assertThat(parts.get(2))
        .isInstanceOfSatisfying(
            LastHttpContent.class,
            end -> assertThat(end.trailingHeaders().get("a")).isEqualTo("b"));
    parts.forEach(HttpContent::release);
    assertThat(last.refCnt()).isZero();
  }

  private static ByteBuf bytes(int length) {
    ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(length, 1));
    for (int i = 0; i < length; i++) {
      bytes.writeByte(i * 31 >> 3);
    }
    return bytes;
  }
}
