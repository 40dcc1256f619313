package dev.glimpse.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class HtmlReportTest {

  private static final String HOSTILE = "<script>alert('x')</script>\"&\u202e\uDCFF";

  private static Evaluation evaluation(int classes, long seed) {
    List<String> labels = new ArrayList<>(List.of(HOSTILE, "雏菊"));
    while (labels.size() < classes) {
      labels.add("class " + labels.size());
    }
    Random random = new Random(seed);
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      float[] scores = new float[classes];
      scores[random.nextInt(classes)] = random.nextFloat();
      judgements.add(
          Judgement.of(
              HOSTILE + i + ".jpg", random.nextInt(classes), scores, random.nextInt(9_000_000)));
    }
    return new Evaluation(
        "flowers", 2, labels, judgements, List.of(new Evaluation.Failed(HOSTILE, HOSTILE)), 15);
  }

  private static String page(int classes) {
    Evaluation first = evaluation(classes, 1);
    Evaluation second = evaluation(classes, 2);
    return HtmlReport.of(
        new EvaluationReport(
            HOSTILE, first, Optional.of(second), Optional.of(Comparison.of(first, second, 100, 1))),
        file -> Optional.of(PngThumbnail.dataUri(new Pixels(1, 1, new byte[3]))));
  }

  @Test
  void noNameIsMarkup() {
    for (int classes : new int[] {2, 12, 30, 100}) {
      String page = page(classes);
      assertThat(page)
          .doesNotContain("<script", "alert('x')", "\u202e", "\uDCFF", "%s", "null")
          .contains("&lt;script&gt;alert(&#39;x&#39;)");
    }
  }

  @Test
  void supplementaryCharactersStayBesidesLoneSurrogates() {
    assertThat(Html.escape("🌼\uD83C\uDF3C\uD83Cx\uDF3C<")).isEqualTo("🌼🌼?x?&lt;");
  }

  /** Where a comma separates decimals, coordinates would be other ones. */
  @Test
  void numbersNeedNoLocale() {
    Locale before = Locale.getDefault();
    String page = page(12);
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(page(12)).isEqualTo(page);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void pageNeedsNothingElse() {
    assertThat(page(12))
        .contains("default-src 'none'")
        .doesNotContainPattern("(?i)(https?:)?//[a-z]")
        .doesNotContainPattern("(src|href)=\"(?!data:)")
        .doesNotContainPattern("@import|url\\(");
  }

  /** Elements are closed in order; a void element is all that is not. */
  @Test
  void markupIsWellFormed() throws Exception {
    String xml =
        page(12)
            .replace("<!DOCTYPE html>", "")
            .replaceAll("<(meta|img|br)((?:\\s+[a-zA-Z-]+=(?:\"[^\"]*\"|'[^']*'))*)>", "<$1$2/>");

    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void thumbnailIsASmallPng() throws Exception {
    Random random = new Random(3);
    byte[] rgb = new byte[600 * 300 * 3];
    random.nextBytes(rgb);

    Pixels whole = decoded(PngThumbnail.dataUri(new Pixels(600, 300, rgb)));
    assertThat(whole.width()).isEqualTo(144);
    assertThat(whole.height()).isEqualTo(72);

    byte[] small = new byte[5 * 3 * 3];
    random.nextBytes(small);
    assertThat(decoded(PngThumbnail.dataUri(new Pixels(5, 3, small))).rgb()).isEqualTo(small);
  }

  private static Pixels decoded(String uri) {
    byte[] png = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
    return new ImageDecoder(Configs.defaults(), ImageCodecs.all()).decode(png);
  }
}
