package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.knative.serving.v1.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of deploy/ is what its platform reads, and a slip in it would be found here. */
class StrictManifestsTest {

  /** Below these, any key will do. */
  private static final Set<String> FREE =
      Set.of("labels", "annotations", "matchLabels", "requests", "limits", "extensions");

  static Stream<String> files() {
    return Manifests.TYPES.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("files")
  void isRead(String file) {
    assertThat(Manifests.read(file, Manifests.TYPES.get(file))).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyMisspeltKeyIsRefused(String file) throws Exception {
    JsonNode tree = Manifests.tree(file);
    List<Slip> slips = new ArrayList<>();
    collect(tree, "", slips);
    assertThat(slips).isNotEmpty();
    for (Slip slip : slips) {
      JsonNode changed = tree.deepCopy();
      ObjectNode parent = (ObjectNode) changed.at(slip.parent());
      parent.set(slip.key() + "X", parent.remove(slip.key()));
      assertThatThrownBy(() -> Manifests.read(changed, Manifests.TYPES.get(file)))
          .as("%s/%s", slip.parent(), slip.key())
          .isInstanceOf(JsonMappingException.class)
          .hasMessageContaining(slip.key() + "X");
    }
  }

  @Test
  void aNumberWhereATextBelongsIsRefused() throws Exception {
    JsonNode tree = Manifests.tree("knative/service.yaml");
    ObjectNode variable = (ObjectNode) tree.at("/spec/template/spec/containers/0/env/0");
    variable.put("value", 8);
    assertThatThrownBy(() -> Manifests.read(tree, Service.class))
        .isInstanceOf(JsonMappingException.class);
  }

  @Test
  void aTextWhereANumberBelongsIsRefused() throws Exception {
    JsonNode tree = Manifests.tree("knative/service.yaml");
    ((ObjectNode) tree.at("/spec/template/spec")).set("timeoutSeconds", TextNode.valueOf("60"));
    assertThatThrownBy(() -> Manifests.read(tree, Service.class))
        .isInstanceOf(JsonMappingException.class);
  }

  @Test
  void noFileIsForgotten() throws IOException {
    try (Stream<Path> all = Files.walk(Manifests.FOLDER)) {
      assertThat(
              all.map(file -> Manifests.FOLDER.relativize(file).toString())
                  .filter(name -> name.endsWith(".yaml"))
                  .filter(name -> !name.equals("prometheus/alerts-test.yaml")) // promtool's
                  .filter(name -> !name.equals("lambda/template.yaml"))) // ServerlessTest
          .containsExactlyInAnyOrderElementsOf(Manifests.TYPES.keySet());
    }
  }

  /** A Service's selector; others have their labels in {@code matchLabels}. */
  private static boolean isLabels(Map.Entry<String, JsonNode> entry) {
    return entry.getKey().equals("selector") && !entry.getValue().has("matchLabels");
  }

  private record Slip(String parent, String key) {}

  private static void collect(JsonNode node, String at, List<Slip> slips) {
    node.properties()
        .forEach(entry -> {
          slips.add(new Slip(at, entry.getKey()));
          if (!FREE.contains(entry.getKey()) && !isLabels(entry)) {
            collect(entry.getValue(), at + "/" + entry.getKey(), slips);
          }
        });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(node.get(i), at + "/" + i, slips);
    }
  }
}
