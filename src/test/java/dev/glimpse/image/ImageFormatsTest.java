package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.ServingException;
import dev.glimpse.image.heif.HeifCodec;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageFormatsTest {

  /** Stands for a codec whose library is not installed. */
  private static final class Missing implements ImageCodec {

    @Override
    public String name() {
      return "HEIC";
    }

    @Override
    public boolean matches(ByteBuffer file) {
      return true;
    }

    @Override
    public boolean isAvailable() {
      return false;
    }

    @Override
    public String missing() {
      return "libheif, which is not installed (on Debian, the package libheif1)";
    }

    @Override
    public ImageHeader header(ByteBuffer file) {
      throw new AssertionError();
    }

    @Override
    public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
      throw new AssertionError();
    }

    @Override
    public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory) {
      throw new AssertionError();
    }
  }

  @Test
  void refusalNamesThePackageToInstall() {
    ImageFormats formats = new ImageFormats(List.of(new Missing()));

    ServingException refusal =
        catchThrowableOfType(
            ServingException.class, () -> formats.codecFor(ByteBuffer.wrap(new byte[] {1})));

    assertThat(refusal.failure().status()).isEqualTo(415);
    assertThat(refusal.detail())
        .isEqualTo(
            "HEIC images are not supported without libheif, which is not installed (on Debian, the"
                + " package libheif1). Accepted: .");
    assertThat(HeifCodec.heic().missing()).contains("(on Debian, the package lib");
  }
}
