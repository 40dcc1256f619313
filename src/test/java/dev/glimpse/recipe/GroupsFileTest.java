package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.ClassGroups;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupsFileTest {

  private static final Labels LABELS =
      new Labels(List.of("tench, Tinca tinca", "pug", "beagle", "crane", "crane"), Map.of());

  @TempDir Path folder;

  private ClassGroups read(String json) throws IOException {
    Files.writeString(folder.resolve("groups.json"), json);
    return GroupsFile.read(new ModelFolder("m", 1, folder), LABELS, true);
  }

  @Test
  void classesAreNamedByLabelPartIndexAndRange() throws IOException {
    assertThat(
            read(
                "{\"dog\": [\"pug\", 2, \"1\"], \"fish\": [\"Tinca tinca\"], \"bird\": [\"3-4\"]}"))
        .isEqualTo(
            new ClassGroups(
                List.of(
                    new ClassGroups.Group("dog", List.of(1, 2)),
                    new ClassGroups.Group("fish", List.of(0)),
                    new ClassGroups.Group("bird", List.of(3, 4)))));
  }

  @Test
  void aNumberIsAnIndexAndATextALabelFirst() throws IOException {
    Labels digits = new Labels(List.of("1", "0"), Map.of());
    Files.writeString(folder.resolve("groups.json"), "{\"a\": [0], \"b\": [\"0\"]}");
    assertThat(GroupsFile.read(new ModelFolder("m", 1, folder), digits, true).groups())
        .extracting(ClassGroups.Group::classes)
        .containsExactly(List.of(0), List.of(1));
  }

  @Test
  void allGroupsTogetherAreBounded() throws IOException {
    Labels many = new Labels(Collections.nCopies(1001, "x"), Map.of());
    String json =
        IntStream.range(0, 100)
            .mapToObj(i -> "\"g%d\": [\"0-1000\"]".formatted(i))
            .collect(Collectors.joining(",", "{", "}"));
    Files.writeString(folder.resolve("groups.json"), json);
    assertThatThrownBy(() -> GroupsFile.read(new ModelFolder("m", 1, folder), many, true))
        .hasMessageContaining("its groups have more than 100000 classes");
  }

  @Test
  void withoutAFileNothingIsGrouped() {
    assertThat(GroupsFile.read(new ModelFolder("m", 1, folder), LABELS, false).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": \"pug\"} | should be a list of classes",
        "{\"a\": []} | with at least one",
        "{\"a\": [\"cat\"]} | \"a\" names \"cat\", which is no class, or several",
        "{\"a\": [\"crane\"]} | name a class by its label or its index, from 0 to 4",
        "{\"a\": [5]} | names 5",
        "{\"a\": [1.5]} | names 1.5",
        "{\"a\": [\"4-3\"]} | names \"4-3\"",
        "{\"a\": [\"3-5\"]} | names \"3-5\"",
        "[] | is not a JSON object",
      })
  void whatIsNoGroupIsRefused(String json, String sentence) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("groups.json")
        .hasMessageContaining(sentence);
  }

  @Test
  void independentScoresAreNotAddedUp() throws IOException {
    read("{\"dog\": [1]}");
    assertThatThrownBy(() -> GroupsFile.read(new ModelFolder("m", 1, folder), LABELS, false))
        .hasMessageContaining("independent of each other; delete groups.json");
  }
}
