package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTest {

  @TempDir Path folder;

  @Test
  void aFolderThatByItsNameCanBeNoModelIsSaidAndPassedOver() throws Exception {
    Repository repository = new Repository(folder);
    repository.put("colors/1", "colors", 1);
    Files.move(repository.put("colors/2", "colors", 2), folder.resolve("colors/2.bak"));
    repository.put("colors/1", "my model", 1);
    Files.createDirectories(folder.resolve("lost+found"));

    Inventory found = Inventory.of(folder);
    assertThat(found.models())
        .containsExactly(new ModelFolder("colors", 1, folder.resolve("colors/1")));
    assertThat(found.passedOver())
        .satisfiesExactly(
            one -> assertThat(one).contains("colors/2.bak: a version is a positive whole number"),
            one -> assertThat(one).contains("my model/1: a model's name is 1 to 64 letters"))
        .allMatch(one -> one.startsWith("This is passed over. Model folder "));
  }

  @Test
  void whatCannotBeListedMayHoldAnything() {
    Repository repository = new Repository(folder);
    repository.put("colors/1", "colors", 1);
    repository.makeUnreadable("flowers");

    Inventory found = Inventory.of(folder);
    assertThat(found.models()).hasSize(1);
    assertThat(found.passedOver())
        .containsExactly(
            "This is passed over. Cannot list the folder " + folder.resolve("flowers") + ".");
    assertThat(found.mayHold(new ModelFolder("flowers", 1, folder.resolve("flowers/1")))).isTrue();
    assertThat(found.mayHold(new ModelFolder("colors", 2, folder.resolve("colors/2")))).isFalse();
  }

  @Test
  void aTroubleIsSaidOnceForAsLongAsItLasts() {
    Rejections rejections = new Rejections();
    assertThat(rejections.unsaid(List.of("one"))).containsExactly("one");
    assertThat(rejections.unsaid(List.of("one", "two"))).containsExactly("two");
    assertThat(rejections.unsaid(List.of("two"))).isEmpty();
    assertThat(rejections.unsaid(List.of("one", "two"))).containsExactly("one");
  }
}
