package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.registry.ModelReloader.Unavailable;
import dev.glimpse.support.ModelSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepositoryPollerTest extends ChangingRepository {

  @Test
  void lookingFindsANewVersionOnceItIsWhole() throws Exception {
    start();
    RepositoryPoller poll = poll();
    Path version = repository.put("colors/2", "colors", 2);
    byte[] config = Files.readAllBytes(version.resolve("config.json"));
    Files.delete(version.resolve("config.json"));
    poll.run();
    Files.write(version.resolve("config.json"), new byte[0]); // still being copied
    poll.run();
    Files.write(version.resolve("config.json"), config);
    poll.run();
    assertThat(answering()).isEqualTo(1);
    assertThat(reloads("failed")).as("tries before it had settled").isZero();

    poll.run();
    assertThat(answering()).isEqualTo(2);
  }

  @Test
  void lookingTriesABadVersionOnceUntilItChanges() {
    start();
    RepositoryPoller poll = poll();
    repository.putBroken("corrupt-graph", "colors", 2);
    for (int i = 0; i < 5; i++) {
      poll.run();
    }
    assertThat(reloads("failed")).isEqualTo(1);
    assertThat(control.unavailable()).hasSize(1);

    repository.put("colors/2", "colors", 2);
    poll.run();
    poll.run();
    assertThat(answering()).isEqualTo(2);
    assertThat(control.unavailable()).isEmpty();
  }

  @Test
  void lookingFindsAVersionOnceItIsSigned() throws Exception {
    ModelSigner signer = new ModelSigner("secp256r1");
    Path keys = Files.writeString(folder.resolve("keys.pem"), signer.pem());
    signer.sign(folder.resolve("colors/1"));
    start("glimpse.models.verify", keys.toString());
    RepositoryPoller poll = poll();
    Path version = repository.put("colors/2", "colors", 2);
    poll.run();
    poll.run();
    assertThat(answering()).isEqualTo(1);
    assertThat(control.unavailable())
        .singleElement()
        .satisfies(one -> assertThat(one.reason()).startsWith("it is not signed: there is no"));

    signer.sign(version);
    poll.run();
    poll.run();
    assertThat(answering()).isEqualTo(2);
  }

  @Test
  void lookingUnloadsWhatIsGone() {
    repository.put("colors/2", "colors", 2);
    start();
    RepositoryPoller poll = poll();
    repository.delete("colors/2");
    poll.run();
    assertThat(answering()).as("it may come back").isEqualTo(2);
    poll.run();
    assertThat(answering()).isEqualTo(1);
  }

  @Test
  void hiddenFoldersArePassedOver() {
    start();
    RepositoryPoller poll = poll();
    repository.put("colors/2", "colors/.being-copied", 2);
    repository.put("colors/2", ".staging", 3);
    poll.run();
    poll.run();
    done(load());
    assertThat(models.names()).containsExactly("colors");
    assertThat(answering()).isEqualTo(1);
    assertThat(control.unavailable()).isEmpty();
  }

  @Test
  void anEmptyRepositoryIsTakenForAMistake() {
    start();
    RepositoryPoller poll = poll();
    repository.delete("colors");
    poll.run();
    poll.run();
    poll.run();
    assertThat(answering()).isEqualTo(1);
  }

  @Test
  void pollingDoesNotReloadAnUnloadedModel() {
    repository.put("colors/2", "colors", 2);
    start();
    RepositoryPoller poll = poll();
    done(control.unload("colors", Optional.of(2)));
    poll.run();
    poll.run();
    assertThat(answering()).isEqualTo(1);
    done(load());
    assertThat(answering()).isEqualTo(2);
  }

  @Test
  void aVersionThatFailsUnexpectedlyIsReportedAndKeepsNoOtherFromBeingServed() throws Exception {
    start();
    RepositoryPoller poll = poll();
    Path version = repository.put("colors/2", "colors", 2);
    // No path of this system can hold such a character, which the JDK says in its own way.
    Files.writeString(version.resolve("SHA256SUMS"), "0".repeat(64) + "  a\0b\n");
    repository.put("colors-sigmoid/1", "sigmoid", 1);

    ServingException refused = refused(load());
    assertThat(refused.failure()).isEqualTo(Failure.UNSERVABLE_MODEL);
    assertThat(control.unavailable()).hasSize(1);
    assertThat(reloads("failed")).isEqualTo(1);

    poll.run();
    poll.run();
    assertThat(models.names()).contains("sigmoid");
    assertThat(reloads("failed")).as("tried once").isEqualTo(1);
  }

  @Test
  void aFolderThatCannotBeReadKeepsNoOtherFromBeingServed() throws Exception {
    Path version = repository.put("colors/2", "colors", 2);
    Files.createSymbolicLink(version.resolve("loop"), Path.of("."));
    start();
    RepositoryPoller poll = poll();
    repository.put("colors-sigmoid/1", "sigmoid", 1);
    poll.run();
    poll.run();
    assertThat(models.names()).containsExactly("colors", "sigmoid");
    assertThat(answering()).isEqualTo(1);
    assertThat(control.unavailable())
        .extracting(Unavailable::reason)
        .containsExactly("it cannot be read, or is being changed.");
  }

  @Test
  void aMisnamedFolderKeepsNoOtherFromBeingServed() throws Exception {
    start();
    RepositoryPoller poll = poll();
    repository.put("colors/2", "colors", 2);
    Files.move(repository.put("colors/2", "colors", 3), folder.resolve("colors/3.tmp"));
    Files.createSymbolicLink(folder.resolve("colors/latest"), Path.of("2"));
    repository.put("colors/1", "my model", 1);
    poll.run();
    poll.run();
    assertThat(models.names()).containsExactly("colors");
    assertThat(answering()).isEqualTo(2);

    Files.move(folder.resolve("colors/3.tmp"), folder.resolve("colors/3"));
    poll.run();
    poll.run();
    assertThat(answering()).isEqualTo(3);
  }

  @Test
  void whatCannotBeListedStaysInService() {
    start();
    RepositoryPoller poll = poll();
    repository.put("colors-sigmoid/1", "sigmoid", 1);
    repository.makeUnreadable("colors");
    poll.run();
    poll.run();
    poll.run();
    assertThat(models.names()).containsExactly("colors", "sigmoid");
  }
}
