package dev.glimpse.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {

  private static final String TYPE = "multipart/form-data; boundary=x";
  private static final String FILE = "Content-Disposition: form-data; name=\"file\"";

  @Test
  void partsOfAForm() {
    MultipartForm form =
        parse(
            "preamble\r\n--x\r\nContent-Disposition: form-data; name=\"top_k\"\r\n\r\n2\r\n--x \r\n"
                + FILE
                + "; filename=\"a.png\"\r\n"
                + "Content-Type: image/png\r\n\r\n\r\n\n"
                + "--xy\r\n"
                + "--x\0\r\n\r\n"
                + "--x--\r\n"
                + "epilogue");

    assertThat(form.fields()).isEqualTo(Map.of("top_k", "2"));
    assertThat(form.file().toArray()).isEqualTo(bytes("\r\n\n--xy\r\n--x\0\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"",
        "content-disposition:form-data;name=file",
        "CONTENT-DISPOSITION: form-data ; filename=\"a;name=b\" ; NAME = \"file\"",
        "X-Other: a\r\nContent-Disposition: form-data; filename*=UTF-8''%e2%82%ac; name=file",
      })
  void spellingsOfTheDisposition(String header) {
    assertThat(parse("--x\r\n" + header + "\r\n\r\nabc\r\n--x--").file().toArray())
        .isEqualTo(bytes("abc"));
    assertThat(parse("--x\n" + header + "\n\nabc\n--x--").file().toArray()).isEqualTo(bytes("abc"));
  }

  @Test
  void emptyFieldsAreLeftOut() {
    assertThat(
            parse(
                "--x\r\n"
                    + FILE
                    + "\r\n\r\n\r\n--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--x--"))
        .satisfies(form -> assertThat(form.file().toArray()).isEmpty())
        .satisfies(form -> assertThat(form.fields()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--x",
        "--x--",
        "no form at all",
        "--y\r\nContent-Disposition: form-data; name=file\r\n\r\nabc\r\n--y--",
        "--x\r\nContent-Disposition: form-data; name=file\r\n\r\nabc",
        "--x\r\nContent-Disposition: form-data; name=file\r\n\r\nabc\r\n--x-",
        "--x\r\nContent-Disposition: form-data; name=file",
        "--x\r\nContent-Disposition: form-data; name\r\n\r\nabc\r\n--x--",
        "--x\r\nContent-Type: image/png\r\n\r\nabc\r\n--x--",
      })
  void malformedForms(String body) {
    assertFails(() -> parse(body), Failure.MALFORMED_REQUEST, "multipart/form-data");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "multipart/form-data | names no boundary",
        "multipart/form-data; boundary | names no boundary",
        "multipart/form-data; boundary= | is empty",
        "multipart/form-data; boundary=\"\" | is empty",
      })
  void noBoundary(String contentType, String message) {
    assertFails(
        () -> MultipartForm.parse(body("--\r\n"), contentType, 1),
        Failure.MALFORMED_REQUEST,
        message);
  }

  @Test
  void boundaryOfAtMost70Characters() {
    String most = "multipart/form-data; boundary=" + "-".repeat(70);
    String form = "--x\r\n" + FILE + "\r\n\r\nabc\r\n--x--";

    assertThat(
            MultipartForm.parse(body(form.replace("--x", "-".repeat(72))), most, 1)
                .file()
                .toArray())
        .isEqualTo(bytes("abc"));
    assertFails(
        () -> MultipartForm.parse(body(form), most + "-", 1),
        Failure.MALFORMED_REQUEST,
        "has 71 characters; RFC 2046 allows at most 70");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7bit", "8BIT", "binary"})
  void contentThatIsNotEncoded(String encoding) {
    assertThat(encoded(encoding, "YWJj").file().toArray()).isEqualTo(bytes("YWJj"));
  }

  @Test
  void contentInBase64() {
    byte[] image = new byte[1000];
    new SplittableRandom(1).nextBytes(image);
    String lines = Base64.getMimeEncoder().encodeToString(image);

    assertThat(encoded("Base64 ", lines + "\r\n").file().toArray()).isEqualTo(image);
    assertFails(() -> encoded("base64", "§"), Failure.INVALID_PARAMETER, "is not valid base64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"quoted-printable", "x-uuencode"})
  void otherTransferEncodingsAreNamed(String encoding) {
    assertFails(() -> encoded(encoding, "a"), Failure.UNSUPPORTED_MEDIA_TYPE, encoding);
  }

  @Test
  void severalImagesAreForTheBatchEndpoint() {
    String part = "--x\r\n" + FILE + "\r\n\r\nabc\r\n";

    assertThat(MultipartForm.parse(body(part.repeat(3) + "--x--"), TYPE, 3).files()).hasSize(3);
    assertFails(
        () -> MultipartForm.parseSingle(body(part.repeat(2) + "--x--"), TYPE),
        Failure.INVALID_PARAMETER,
        "/predict/batch");
  }

  @Test
  void partsAreBoundedInNumber() {
    String part = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";

    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () ->
            assertFails(
                () -> parse(part.repeat(200_000) + "--x--"), Failure.TOO_LARGE, "16 parts"));
  }

  @Test
  void headersAreBoundedInLength() {
    assertFails(
        () -> parse("--x\r\nX: " + "a".repeat(9000) + "\r\n" + FILE + "\r\n\r\nabc\r\n--x--"),
        Failure.MALFORMED_REQUEST,
        "");
  }

  /** Dashes and line breaks, among which every place may begin a delimiter of dashes. */
  @ParameterizedTest
  @ValueSource(strings = {"-", "\r\n--", "\n", "\r", "--x-", "\n--x", "\n---------"})
  void hostileBodiesTakeLinearTime(String part) {
    Bytes body =
        body("-".repeat(72) + "\r\n" + FILE + "\r\n\r\n" + part.repeat((16 << 20) / part.length()));
    String boundary = "multipart/form-data; boundary=" + "-".repeat(70);

    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          try {
            MultipartForm.parse(body, boundary, 32);
          } catch (ServingException e) {
            assertThat(e.failure().status()).isBetween(400, 413);
          }
        });
  }

  /** A delimiter that repeats itself is found wherever it begins a line. */
  @Test
  void everySplitOfRandomBytes() {
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < 2000; trial++) {
      byte[] content = new byte[random.nextInt(40)];
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) "\r\n-x".charAt(random.nextInt(4));
      }
      String text = new String(content, StandardCharsets.ISO_8859_1);
      if (("\n" + text).contains("\n--xx-x")) {
        continue;
      }
      MultipartForm form =
          MultipartForm.parse(
              body("--xx-x\r\n" + FILE + "\r\n\r\n" + text + "\r\n--xx-x--"),
              "multipart/form-data; boundary=xx-x",
              1);
      assertThat(form.file().toArray()).as(Arrays.toString(content)).isEqualTo(content);
    }
  }

  private static MultipartForm encoded(String encoding, String content) {
    return parse(
        "--x\r\n"
            + FILE
            + "\r\nContent-Transfer-Encoding: "
            + encoding
            + "\r\n\r\n"
            + content
            + "\r\n--x--");
  }

  private static MultipartForm parse(String body) {
    return MultipartForm.parse(body(body), TYPE, 1);
  }

  private static void assertFails(ThrowingCallable call, Failure failure, String message) {
    assertThatExceptionOfType(ServingException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.failure()).isEqualTo(failure))
        .satisfies(e -> assertThat(e.detail()).contains(message));
  }

  private static Bytes body(String text) {
    return Bytes.of(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
