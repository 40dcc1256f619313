package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of classes, as people and programs leave them in files. */
class ClassNamesTest {

  @TempDir Path repository;
  private Path folder;

  @BeforeEach
  void aFolder() throws IOException {
    folder = Files.createDirectories(repository.resolve("test/1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id2label\": {\"0\": 0, \"1\": 1.5, \"2\": true}} | 0, 1.5, true",
        "{\"id2label\": {\"1\": \"b\", \"0\": \"a\"}} | a, b",
        "\uFEFF{\"id2label\": {\"0\": \"a\"}} | a",
      })
  void whatCanBeReadAsTextIsALabel(String config, String labels) throws IOException {
    write(ModelFolder.CONFIG, config);
    assertThat(names()).containsExactly(labels.split(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id2label\": {\"0\": null}} | \"id2label.0\" is null and should be a text",
        "{\"id2label\": {\"0\": [\"a\"]}} | \"id2label.0\" is [\"a\"] and should be a text",
        "{\"id2label\": {\"1\": \"a\"}} | \"id2label\" has 1 entries and none for index 0",
        "{\"id2label\": {\"1\": \"a\", \"2\": \"b\"}} | its keys are 1 to 2, and have to be 0 to 1",
        "{\"id2label\": {\"0\": \"a\", \"2\": \"b\"}} | its keys are 0, 2, and have to be 0 to 1",
      })
  void rejectsOtherClassNames(String config, String sentence) throws IOException {
    write(ModelFolder.CONFIG, config);
    assertThatThrownBy(this::names)
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\r\na\r\n\r\nb c\r\n",
        "\uFEFFa\na\n\nb c",
        "\n  a \na\t\n\n b c\n\n \n\n",
        "a\ra\r\rb c\r"
      })
  void linesEndInAnyWayAndMayBeEqualOrEmpty(String lines) throws IOException {
    write("labels.txt", lines);
    assertThat(names()).containsExactly("a", "a", "", "b c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label_filename: \"b.lst\"",
        "# label_filename: \"a.lst\"\noutput [{name: \"y\", label_filename: 'b.lst' }] # \"a.lst\"",
        "name: \"#1\" # label_filename: \"a.lst\"\r\noutput { label_filename :\"b.lst\" }",
        "my_label_filename: \"a.lst\" output { label_filename: \"b.lst\" }",
      })
  void tritonsConfigurationNamesThemBesideTheVersions(String config) throws IOException {
    Files.writeString(repository.resolve("test/config.pbtxt"), config);
    Files.writeString(repository.resolve("test/a.lst"), "a\n");
    Files.writeString(repository.resolve("test/b.lst"), "b\nc\n");
    assertThat(names()).containsExactly("b", "c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"num_classes\": 1000, \"pretrained_cfg\": {}}",
        "{\"pretrained_cfg\": {\"num_classes\": 1000}}"
      })
  void timmsModelsForImageNetNeedNoNames(String config) throws IOException {
    write(ModelFolder.CONFIG, config);
    assertThat(names())
        .hasSize(1000)
        .startsWith("tench, Tinca tinca", "goldfish, Carassius auratus")
        .endsWith("toilet tissue, toilet paper, bathroom tissue");
    assertThat(config().names().orElseThrow().inferred()).isTrue();
    Files.writeString(folder.resolve("labels.txt"), "a\nb\n");
    assertThat(names()).as("names that a file gives").containsExactly("a", "b");
    assertThat(config().names().orElseThrow().inferred()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"num_classes\": 1000}", "{\"num_classes\": 999, \"pretrained_cfg\": {}}"})
  void otherModelsHaveNoNamesOfImageNet(String config) throws IOException {
    write(ModelFolder.CONFIG, config);
    assertThat(ImageNetNames.of(JsonFile.read(new ModelFolder("test", 1, folder), "config.json")))
        .isEmpty();
  }

  @Test
  void tritonNamesItsFileOfLabels() throws IOException {
    Path model = repository.resolve("test");
    Files.writeString(
        model.resolve("config.pbtxt"),
        "# label_filename: \"old.txt\"\n"
            + "output [ { name: \"y\" label_filename: \"classes.txt\" } ]\n");
    Files.writeString(model.resolve("classes.txt"), "a\nb\n");
    write("labels.txt", "c");
    assertThat(names()).containsExactly("a", "b");
  }

  @Test
  void aByteOrderMarkIsNoPartOfAKey() throws IOException {
    write(ModelFolder.SERVING, "\uFEFFsynset=a,b");
    assertThat(names()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret.txt", "/etc/hostname", "a/../../secret.txt"})
  void aFileOfNamesIsInTheFolder(String name) throws IOException {
    Files.writeString(repository.resolve("test/secret.txt"), "secret");
    write(ModelFolder.SERVING, "synsetFileName=" + name);
    assertThatThrownBy(this::names)
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(
            "synsetFileName is \"" + name + "\" and should be a file in this folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zh-CN.bak", "zh_CN", "zh-", "en~", "chinese-simplified"})
  void refusesAnInvalidLanguageTag(String tag) throws IOException {
    write("labels." + tag + ".txt", "a");
    assertThatThrownBy(() -> config().translations())
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("\"" + tag + "\" is not a language tag");
  }

  @Test
  void aLanguageNamesATranslation() throws IOException {
    write("labels.zh-CN.txt", "a");
    write("labels.de.txt", "b");
    assertThat(config().translations())
        .isEqualTo(Map.of("zh-cn", List.of("a"), "de", List.of("b")));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private ModelConfig config() {
    return ModelConfig.read(new ModelFolder("test", 1, folder));
  }

  private List<String> names() {
    return config().names().orElseThrow().labels();
  }
}
