package dev.glimpse.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.folder.ReadableRows.Written;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.GroupScore;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.postprocess.Uncertainty;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowFormatsTest {

  private static final Classification DAISY = new Classification("daisy", 0.75f, 0);
  private static final Classification ROSE = new Classification("玫瑰, rot", "rose", 1e-7f, 2);
  private static final CsvRows CSV = new CsvRows(2, true, "flowers/1");
  private static final JsonRows JSON = new JsonRows("flowers", 1);
  private static final TableRows TABLE = new TableRows(List.of("daisy", "sunflowers"));

  private static Row row(String file) {
    return Row.of(
        file,
        new RankedClasses(
            List.of(DAISY, ROSE),
            Optional.of(Uncertainty.LOW_SCORE),
            List.of(new GroupScore("flower", 0.875f, 0))));
  }

  @Test
  void csvHasAHeaderAndQuotesWhatNeedsIt() {
    assertThat(CSV.header())
        .isEqualTo("file,label,score,label_2,score_2,uncertain,sorted_to,model,problem\r\n");
    assertThat(CSV.text(row("a \"b\", c.jpg").sorted("_uncertain/a.jpg")))
        .isEqualTo(
            "\"a \"\"b\"\", c.jpg\",daisy,0.75,\"玫瑰, rot\",1.0E-7,true,_uncertain/a.jpg,flowers/1,\r\n");
    assertThat(CSV.text(Row.failed("b", RowProblem.missing())))
        .isEqualTo("b,,,,,,,flowers/1,\"There is no such file, or it may not be looked for.\"\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1", "@a"})
  void noCellIsAFormula(String text) {
    Row row =
        Row.of(text, RankedClasses.of(List.of(new Classification(text, 1, 0))))
            .withProblem(RowProblem.notSorted(text));

    assertThat(CSV.text(row))
        .isEqualTo("./%s,'%s,1.0,,,false,,flowers/1,'%s\r\n".formatted(text, text, text));
    assertThat(CSV.read(CSV.text(row).strip()).file()).isEqualTo(CSV.written(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb.jpg",
        "a\r\nforged,daisy,1.0",
        "a\u001b[2J",
        "a\u202egpj.exe",
        "a\uDCFF.jpg",
        "a\u0085b",
        "a\u2028b"
      })
  void noNameEndsALineOrReachesTheTerminal(String name) {
    for (RowFormat format : List.of(CSV, JSON, TABLE)) {
      Row row =
          new Row(
              name,
              List.of(DAISY),
              Optional.empty(),
              List.of(),
              Optional.of(name),
              Optional.of(new RowProblem("x", name)));
      String text = format.text(row);
      assertThat(text.strip()).matches("[ -~]+").hasLineCount(1);
      if (format instanceof ReadableRows rows) {
        assertThat(rows.read(text.strip()))
            .isEqualTo(new Written(name, Optional.of(name), "flowers/1", true));
      }
    }
  }

  @Test
  void differentNamesAreDifferentText() {
    assertThat(RowText.escaped("a\nb")).isEqualTo("a\\u000ab");
    assertThat(RowText.escaped("a\\u000ab")).isEqualTo("a\\u005cu000ab");
    assertThat(RowText.unescaped("a\\u005cu000ab")).isEqualTo("a\\u000ab");
  }

  @Test
  void anyNameIsReadAsItWasWritten() {
    Random random = new Random(4);
    String letters = "a,\"\r\n\\u005c=-+ '\u001b\uD83C\uDF3C\uDCFF\uD800雏";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder("x");
      random
          .ints(random.nextInt(9), 0, letters.length())
          .forEach(c -> name.append(letters.charAt(c)));
      Row row = row(name.toString()).sorted("y" + name);
      for (ReadableRows format : List.of(CSV, JSON)) {
        String text = format.text(row);
        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        assertThat(format.read(text.strip()))
            .isEqualTo(
                new Written(
                    format.written(name.toString()), Optional.of("y" + name), "flowers/1", false));
      }
    }
  }

  @Test
  void jsonHasThePredictionsOfTheService() throws Exception {
    JsonNode root = new ObjectMapper().readTree(JSON.text(row("a.jpg")));

    assertThat(root)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"file": "a.jpg", "model": "flowers", "version": "1", "predictions": [
                      {"label": "daisy", "score": 0.75, "index": 0},
                      {"label": "玫瑰, rot", "name": "rose", "score": 1.0E-7, "index": 2}],
                     "uncertain": true, "uncertain_reason": "low_score",
                     "groups": [{"label": "flower", "score": 0.875}]}\
                    """));
    assertThat(JSON.text(Row.failed("b", RowProblem.missing())))
        .isEqualTo(
            """
            {"file":"b","model":"flowers","version":"1","problem":{"code":"not-found","detail":"There is no such file, or it may not be looked for."}}
            """);
  }

  @Test
  void theTableHasTheBestClassBesideTheFileAndTheOthersBelow() {
    assertThat(TABLE.text(row("a.jpg"))).isEqualTo("0.7500? daisy       a.jpg\n0.0000  玫瑰, rot\n");
    assertThat(TABLE.text(Row.of("b.jpg", RankedClasses.of(List.of(DAISY))).sorted("daisy/b.jpg")))
        .isEqualTo("0.7500  daisy       b.jpg -> daisy/b.jpg\n");
    assertThat(TABLE.text(Row.failed("c.jpg", RowProblem.notAFile())))
        .isEqualTo("failed  c.jpg: It is no regular file.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,b", "{\"model\": 1}", "nonsense", "null", "{\"file\": 3}"})
  void otherLinesAreNoRows(String line) {
    assertThatThrownBy(() -> CSV.read(line)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JSON.read(line)).isInstanceOf(IllegalArgumentException.class);
  }
}
