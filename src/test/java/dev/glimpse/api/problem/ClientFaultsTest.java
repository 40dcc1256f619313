package dev.glimpse.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client reads that has made a mistake: a sentence that names it and says what to do. */
@QuarkusTest
@TestProfile(ColorModels.class)
class ClientFaultsTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String IMAGE = "Content-Type: image/png";
  private static final String JSON = "Content-Type: application/json";
  private static final String FORM = "Content-Type: multipart/form-data; boundary=x";
  private static final String FILE =
      "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\na\r\n";

  /**
   * A request and its response.
   *
   * @param line of the request, without the version
   * @param headers separated by bars; Host and Content-Length are added unless it ends with a bar
   * @param sentence the problem's detail, or the V2 protocol's error
   */
  private record Fault(String line, String headers, byte[] body, int status, String sentence) {

    @Override
    public String toString() {
      String text = new String(body, 0, Math.min(body.length, 40), StandardCharsets.ISO_8859_1);
      return line + " " + headers + " " + text.replaceAll("[^ -~]", ".");
    }
  }

  static Stream<Fault> faults() {
    return Stream.of(
        image("GET /nothing", "", 404, "There is nothing here."),
        image("GET /predict", "", 405, "GET is not for this address."),
        image(
            "POST /predict",
            "|Accept: text/html",
            406,
            "Answers are application/json; the Accept header asks for something else."),
        fault(
            "POST /predict",
            "Content-Type: text/plain",
            "red",
            415,
            "Send an image as multipart/form-data, as image/* or"
                + " application/octet-stream, or as application/json; say which in the"
                + " Content-Type header."),
        file(
            "POST /predict",
            "jpegxl.jxl",
            415,
            "The bytes match no image format that is known. Accepted: JPEG, PNG,"
                + " GIF, BMP, TIFF, WebP, HEIC, AVIF."),
        file(
            "POST /predict",
            "text.jpg",
            415,
            "The bytes match no image format that is known. Accepted: JPEG, PNG,"
                + " GIF, BMP, TIFF, WebP, HEIC, AVIF."),
        fault("POST /predict", IMAGE, "", 422, "The image is empty: 0 bytes."),
        file("POST /predict", "truncated.jpg", 422, "The JPEG image cannot be decoded: truncated."),
        file(
            "POST /predict",
            "bomb.png",
            413,
            "The image has 30000×30000 pixels; at most 250000000 pixels are accepted. Send a smaller"
                + " one, or raise glimpse.image.max-pixels."),
        new Fault(
            "POST /predict",
            IMAGE,
            new byte[33 << 20],
            413,
            "The body is too large; at most 33554432 bytes are read. Send a smaller image,"
                + " or raise glimpse.image.max-bytes."),
        image(
            "POST /predict",
            "|Content-Encoding: br",
            415,
            "The Content-Encoding \"br\" is not supported; send the body in gzip, in"
                + " deflate or as it is."),
        image(
            "POST /predict",
            "|Content-Encoding: gzip",
            400,
            "The body is not gzip, as its header says."),
        image("POST /predict?top_k=0", "", 400, "top_k must be a whole number from 1 up."),
        image(
            "POST /predict?top_k=7",
            "",
            400,
            "top_k must be from 1 to 6, the number of classes of \"colors\"."),
        image("POST /predict?top_k=many", "", 400, "top_k must be a whole number from 1 up."),
        image("POST /predict?topk=3", "", 400, "topk is not a parameter; did you mean \"top_k\"?"),
        image("POST /predict?lang=xx", "", 400, "lang must be one of en, zh."),
        image(
            "POST /predict?model=rose",
            "",
            404,
            "There is no model \"rose\". Served: colors, colors-division,"
                + " colors-sigmoid, colors-softmax, colors-softmax-cast, unversioned."),
        image(
            "POST /predict?version=9",
            "",
            404,
            "The model \"colors\" has no version 9. Served: 1, 2."),
        image(
            "POST /predict?version=latest",
            "",
            400,
            "version must be a whole number from 1 to 1999999999."),
        image(
            "POST /models/colours",
            "",
            404,
            "There is no model \"colours\". Served: colors, colors-division,"
                + " colors-sigmoid, colors-softmax, colors-softmax-cast, unversioned."),
        fault(
            "POST /predict",
            JSON,
            "{\"image\": {\"b64\"",
            400,
            "The body is not a JSON object of the documented form (line 1, column" + " 17)."),
        fault(
            "POST /predict",
            JSON,
            "[1, 2]",
            400,
            "The body is not a JSON object of the documented form (line 1, column 1)."),
        fault(
            "POST /predict",
            JSON,
            "",
            400,
            "The body is not a JSON object of the documented form (line 1, column 0)."),
        fault(
            "POST /predict",
            JSON,
            "{}",
            400,
            "image must hold the image: {\"b64\": \"…\"}, or {\"url\": \"…\"}."),
        fault(
            "POST /predict",
            JSON,
            "{\"image\": {}}",
            400,
            "b64 must hold the image's bytes in base64."),
        fault(
            "POST /predict",
            JSON,
            "{\"image\": {\"b64\": \"*\"}}",
            400,
            "image.b64 is not valid base64."),
        fault(
            "POST /predict",
            JSON,
            "{\"image\": {\"url\": \"https://a.b/c\"}}",
            400,
            "image.url is not accepted, because fetching images by URL is switched"
                + " off (glimpse.url.enabled)."),
        fault(
            "POST /predict",
            JSON,
            "{\"image\": {\"b64\": \"AA==\"}, \"colour\": 1}",
            400,
            "colour is not known here, or is not of the right type."),
        fault(
            "POST /predict",
            JSON,
            "{\"image\": {\"b64\": \"AA==\"}, \"top_k\": 1.5}",
            400,
            "top_k must be a whole number from 1 up."),
        fault(
            "POST /predict",
            JSON,
            "{\"top_k\": " + "9".repeat(1001) + "}",
            400,
            "The body's JSON exceeds a limit: arrays and objects may be nested 1000"
                + " deep, a name may have 1024 characters, and a number 1000 digits."),
        fault(
            "POST /predict",
            "Content-Type: multipart/form-data",
            "file",
            400,
            "The Content-Type multipart/form-data names no boundary."),
        fault(
            "POST /predict",
            "Content-Type: multipart/form-data; boundary=" + "b".repeat(71),
            "--",
            400,
            "The boundary in the Content-Type multipart/form-data has 71 characters;"
                + " RFC 2046 allows at most 70."),
        fault(
            "POST /predict",
            FORM,
            "no form at all",
            400,
            "The body is not the multipart/form-data that its Content-Type says it" + " is."),
        fault(
            "POST /predict",
            FORM,
            FILE.substring(0, 60),
            400,
            "The body is not the multipart/form-data that its Content-Type says it" + " is."),
        fault(
            "POST /predict",
            FORM,
            FILE.replace("file", "top_k") + "--x--",
            400,
            "file must be a part of the form, and hold the image."),
        fault(
            "POST /predict",
            FORM,
            FILE + FILE + "--x--",
            400,
            "file must be a single part, and the form has 2 with an image; send"
                + " several to /predict/batch."),
        fault(
            "POST /predict/batch",
            FORM,
            FILE.replace("file", "top_k") + "--x--",
            400,
            "file must be a part of the form, and hold the image."),
        fault(
            "POST /predict/batch",
            FORM,
            FILE.repeat(9) + "--x--",
            413,
            "The request holds 9 images; at most 8 are taken at a time."),
        fault(
            "POST /predict/batch",
            JSON,
            "{\"images\": []}",
            400,
            "images must hold at least one image: [{\"b64\": \"…\"}], or [{\"url\":" + " \"…\"}]."),
        fault(
            "POST /predictions/colors",
            JSON,
            "{\"x\":" + "[".repeat(1001),
            400,
            "The body's JSON exceeds a limit: arrays and objects may be nested 1000"
                + " deep, a name may have 1024 characters, and a number 1000 digits."),
        fault(
            "POST /v1/models/colors:predict",
            JSON,
            "{\"instance\": []}",
            400,
            "instances must hold at least one."),
        fault(
            "POST /v2/models/colors/infer",
            JSON,
            "{\"inputs\": []}",
            400,
            "inputs must hold at least one tensor."),
        fault(
            "POST /v2/repository/models/colors/load",
            JSON,
            "{}",
            403,
            "This endpoint is disabled: glimpse.repository.control is false."),
        fault(
            "GET /predict",
            "X-A: b|",
            "",
            400,
            "The request has no Host header, which HTTP/1.1 requires."),
        fault(
            "GET /predict",
            "Host: a|Host: b|",
            "",
            400,
            "The request has more than one Host header."),
        fault(
            "POST /predict",
            "Host: a|Transfer-Encoding: gzip|",
            "",
            400,
            "The only Transfer-Encoding that is supported is chunked."),
        fault(
            "POST /predict",
            "Host: a|Transfer-Encoding: chunked|Content-Length: 5|",
            "",
            400,
            "The head of the request is not valid HTTP."),
        fault(
            "POST /predict",
            "Host: a|" + IMAGE + "|Transfer-Encoding: chunked|",
            "xyz\r\n",
            400,
            "The body is not valid: its chunks cannot be read."),
        fault(
            "POST /predict",
            "Host: a|Content-Length: -5|",
            "",
            400,
            "The head of the request is not valid HTTP."));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void clientReadsASentence(Fault fault) throws IOException {
    try (RawConnection connection = new RawConnection(RestAssured.port)) {
      String headers =
          fault.headers.endsWith("|")
              ? fault.headers.substring(0, fault.headers.length() - 1)
              : "Host: a|Content-Length: " + fault.body.length + "|" + fault.headers;
      connection.send(
          "%s HTTP/1.1\r\n%s\r\n\r\n"
              .formatted(fault.line, headers.replace("||", "|").replace("|", "\r\n"))
              .getBytes(StandardCharsets.ISO_8859_1));
      connection.send(fault.body);
      RawConnection.Answer answer = connection.read();
      JsonNode json = MAPPER.readTree(answer.body());

      assertThat(json.path(json.has("error") ? "error" : "detail").asText())
          .isEqualTo(fault.sentence);
      assertThat(answer.status()).isEqualTo(fault.status);
    }
  }

  private static Fault image(String line, String headers, int status, String sentence) {
    return new Fault(line, IMAGE + headers, Fixtures.image("red.jpg"), status, sentence);
  }

  private static Fault file(String line, String image, int status, String sentence) {
    return new Fault(line, IMAGE, Fixtures.image(image), status, sentence);
  }

  private static Fault fault(
      String line, String headers, String body, int status, String sentence) {
    return new Fault(line, headers, body.getBytes(StandardCharsets.ISO_8859_1), status, sentence);
  }
}
