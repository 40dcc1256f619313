package dev.glimpse.api.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the page: complete, small, of this service alone, and in both languages. */
class PageFilesTest {

  private static final Path FOLDER = Path.of("src/main/resources/page");
  private static final int MOST_COMPRESSED = 60_000;

  private static String text(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }

  private static Stream<String> scripts() {
    return PageFiles.NAMES.stream().filter(name -> name.endsWith(".js"));
  }

  private static Map<String, String> words(String language) throws IOException {
    JsonNode json = new ObjectMapper().readTree(text("words." + language + ".json"));
    Map<String, String> words = new TreeMap<>();
    json.properties().forEach(e -> words.put(e.getKey(), e.getValue().textValue()));
    return words;
  }

  private static Set<String> matches(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyFileIsServed() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(PageFiles.NAMES)
          .containsExactlyInAnyOrderElementsOf(
              files.map(file -> file.getFileName().toString()).toList());
    }
    assertThat(PageFiles.read().byName().values())
        .allMatch(file -> !file.mediaType().startsWith("application/octet-stream"));
  }

  @Test
  void allOfItIsSmall() throws IOException {
    int compressed = 0;
    for (String name : PageFiles.NAMES) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
        out.write(Files.readAllBytes(FOLDER.resolve(name)));
      }
      compressed += bytes.size();
    }

    assertThat(compressed).isLessThanOrEqualTo(MOST_COMPRESSED);
  }

  /** A foreign host, an inline script or style would be refused by the page's own policy. */
  @Test
  void nothingIsForeignOrInline() throws IOException {
    for (String name : PageFiles.NAMES) {
      assertThat(text(name).replace("http://www.w3.org/2000/svg", ""))
          .as(name)
          .doesNotContainPattern("https?://|\"//|\\burl\\(|@import");
    }
    assertThat(text(PageFiles.INDEX))
        .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|<script>|javascript:");
    for (String name : scripts().toList()) {
      assertThat(text(name))
          .as(name)
          .doesNotContainPattern("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(");
    }
  }

  @Test
  void bothLanguagesHaveTheSameWords() throws IOException {
    Map<String, String> english = words("en");
    Map<String, String> chinese = words("zh");

    assertThat(chinese).hasSameSizeAs(english).containsOnlyKeys(english.keySet());
    english.forEach((key, word) -> {
      assertThat(word).as(key).isNotBlank();
      assertThat(chinese.get(key)).as(key).isNotBlank();
      assertThat(matches("\\{(\\w+)}", chinese.get(key)))
          .as(key)
          .isEqualTo(matches("\\{(\\w+)}", word));
    });
  }

  @Test
  void chineseIsChinese() throws IOException {
    words("zh")
        .forEach((key, word) -> {
          String own = word.replaceAll("\\{\\w+}|Glimpse|\\bv\\b", "");
          assertThat(own).as(key).matches(text -> !text.matches(".*\\p{IsLatin}.*") || han(text));
        });
  }

  private static boolean han(String text) {
    return text.matches(".*\\p{IsHan}.*");
  }

  /** Before its script has run, the page already reads as in English. */
  @Test
  void thePageItselfIsInEnglish() throws IOException {
    Map<String, String> english = words("en");
    String page = text(PageFiles.INDEX);
    Map<String, String> shown = new TreeMap<>();
    Pattern.compile("data-word=\"([^\"]+)\"[^>]*>([^<]*)<")
        .matcher(page)
        .results()
        .forEach(found -> shown.put(found.group(1), found.group(2)));
    Pattern.compile("data-(?:label|title)=\"([^\"]+)\" (?:aria-label|title)=\"([^\"]*)\"")
        .matcher(page)
        .results()
        .forEach(found -> shown.put(found.group(1), found.group(2)));

    assertThat(shown).hasSizeGreaterThan(30);
    shown.forEach((key, word) -> assertThat(english).containsEntry(key, word));
    assertThat(matches("data-(?:word|label|title)=\"([^\"]+)\"", page)).isEqualTo(shown.keySet());
  }

  @Test
  void everyWordIsUsedAndEveryUsedWordIsThere() throws IOException {
    Set<String> used = new TreeSet<>();
    StringBuilder all = new StringBuilder(text(PageFiles.INDEX));
    for (String name : scripts().toList()) {
      all.append(text(name));
      used.addAll(matches("\\bword\\(\\s*\"([^\"]+)\"\\s*[,)]", text(name)));
      used.addAll(matches("\\bbutton\\(\"([^\"]+)\"", text(name)));
    }
    Set<String> keys = words("en").keySet();

    assertThat(used).hasSizeGreaterThan(15);
    assertThat(keys).containsAll(used);
    assertThat(keys)
        .allMatch(key ->
            all.indexOf('"' + key + '"') >= 0
                || key.startsWith("problem.") // by their status
                || key.startsWith("time."));
  }

  @Test
  void eachProblemSaysWhatToDo() throws IOException {
    Set<String> kinds =
        words("en").keySet().stream()
            .filter(key -> key.matches("problem\\.([0-9]{3}|network|timeout|file)"))
            .collect(Collectors.toSet());

    assertThat(kinds).hasSizeGreaterThan(10);
    assertThat(words("en")).containsKeys(kinds.stream().map(k -> k + ".do").toArray(String[]::new));
    Set<String> known =
        Pattern.compile("const KNOWN = \\[([^]]+)]")
            .matcher(text("service.js"))
            .results()
            .flatMap(found -> Stream.of(found.group(1).replace("\"", "").split(", ")))
            .map(kind -> "problem." + kind)
            .collect(Collectors.toSet());
    known.add("problem.500");
    assertThat(kinds).isEqualTo(known);
    for (String name : scripts().toList()) { // or else a status without words would show the key
      assertThat(matches("`problem\\.\\$\\{((?!kind\\W|this\\.kind\\()[^}]*)", text(name)))
          .as(name)
          .isEmpty();
    }
  }

  /** Scripts that are not listed there would be missing when the page runs. */
  @ParameterizedTest
  @ValueSource(strings = {"app.js", "camera.js", "card.js", "options.js", "code.js", "words.js"})
  void scriptsImportWhatIsThere(String name) throws IOException {
    assertThat(matches("(?:from|import\\()\\s*\"\\./([^\"]+)\"", text(name)))
        .allMatch(PageFiles.NAMES::contains);
  }

  @Test
  void thePageNamesFilesThatAreThere() throws IOException {
    assertThat(matches("(?:src|href)=\"page/([^\"]+)\"", text(PageFiles.INDEX)))
        .hasSizeGreaterThan(4)
        .allMatch(PageFiles.NAMES::contains);
  }

  /** The executable has them only if they are named. */
  @Test
  void theExecutableHasThem() throws IOException {
    assertThat(Files.readString(Path.of("src/main/resources/application.properties")))
        .containsPattern("quarkus\\.native\\.resources\\.includes=.*\\bpage/\\*");
  }
}
