package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.registry.ModelRegistry.ModelVersions;
import dev.glimpse.registry.ModelReloader.Unavailable;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Weights;
import io.quarkus.runtime.ShutdownEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReloaderTest extends ChangingRepository {

  @Test
  void aNewVersionAnswersOnceItIsLoaded() {
    start();
    repository.put("colors/2", "colors", 2);
    assertThat(answering()).isEqualTo(1);

    done(load());

    assertThat(answering()).isEqualTo(2);
    assertThat(models.served("colors").versions()).hasSize(2);
    assertThat(reloads("ok")).isEqualTo(1);
  }

  @Test
  void aModelThatWasNotThereIsLoaded() {
    start();
    repository.put("colors-sigmoid/1", "sigmoid", 1);

    done(control.load("sigmoid", Optional.empty(), Optional.empty()));

    assertThat(models.names()).containsExactly("colors", "sigmoid");
    assertThat(models.defaultName()).as("as after a restart").isEmpty();
    assertThatThrownBy(() -> models.require(Optional.empty(), Optional.empty()))
        .hasMessage("must name one of the models, as none of them is the default: colors, sigmoid");

    done(control.unload("colors", Optional.empty()));

    assertThat(models.defaultName()).as("the only one now").hasValue("sigmoid");
    assertThat(models.require(Optional.empty(), Optional.empty()).name()).isEqualTo("sigmoid");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing-graph | model.onnx is missing; add it.",
        "missing-preprocessor | preprocessor_config.json is missing",
        "corrupt-graph | model.onnx cannot be loaded: the file is damaged or incomplete, or is no"
            + " ONNX file; copy or download it again.",
        "label-count-mismatch | the graph has 6 classes and config.json names 5",
        "fails-when-run | the graph fails when it runs.",
        "bad-json | config.json is not valid JSON",
      })
  void aBadVersionReplacesNoneAndIsReported(String defect, String reason) {
    start();
    repository.putBroken(defect, "colors", 2);

    ServingException refused = refused(load());

    assertThat(refused.failure()).isEqualTo(Failure.UNSERVABLE_MODEL);
    assertThat(refused.detail()).startsWith("Version 2: ").contains(reason);
    assertThat(refused.detail()).doesNotContain(folder.toString()).doesNotContain("onnxruntime");
    assertThat(answering()).isEqualTo(1);
    assertThat(control.unavailable())
        .singleElement()
        .satisfies(one -> assertThat(one.reason()).contains(reason))
        .extracting(Unavailable::version)
        .isEqualTo(2);
    assertThat(reloads("failed")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void aVersionWithNonFiniteScoresReplacesNone(float weight) {
    start();
    Weights.replace(repository.put("colors/1", "colors", 2).resolve("model.onnx"), 0.15f, weight);
    assertThat(refused(load()).detail())
        .startsWith("Version 2: the graph's output for an image of noise holds NaN or infinity");
    assertThat(answering()).isEqualTo(1);
  }

  @Test
  void whatIsServedIsSeenAsItIsAtOneMoment() {
    repository.put("colors-sigmoid/1", "sigmoid", 1);
    start();
    List<ModelVersions> served = models.served();
    done(control.unload("sigmoid", Optional.empty()));
    assertThat(served).extracting(ModelVersions::name).containsExactly("colors", "sigmoid");
    assertThat(served.get(1).versions()).hasSize(1);
    assertThat(models.served()).extracting(ModelVersions::name).containsExactly("colors");
  }

  @Test
  void aPointerOfGitLfsIsNoGraph() throws Exception {
    start();
    Files.writeString(
        repository.put("colors/2", "colors", 2).resolve("model.onnx"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 717\n");
    assertThat(refused(load()).detail())
        .isEqualTo(
            "Version 2: model.onnx cannot be loaded: it is a Git LFS pointer, not the graph itself;"
                + " run git lfs pull to fetch it.");
  }

  @Test
  void aMisnamedFolderKeepsNoOtherFromBeingLoaded() throws Exception {
    start();
    Files.move(repository.put("colors/2", "colors", 2), folder.resolve("colors/2.bak"));
    repository.put("colors/2", "colors", 2);
    done(load());
    assertThat(answering()).isEqualTo(2);
  }

  @Test
  void aBadVersionInTheSamePlaceLeavesTheGoodOneInService() {
    start();
    repository.putBroken("corrupt-graph", "colors", 1);

    assertThat(refused(load()).failure()).isEqualTo(Failure.UNSERVABLE_MODEL);

    run(models.require(Optional.empty(), Optional.empty()));
    assertThat(control.unavailable()).hasSize(1);

    repository.put("colors/2", "colors", 1); // fixed
    Model before = models.require(Optional.empty(), Optional.empty());
    done(load());
    assertThat(control.unavailable()).isEmpty();
    assertThat(models.require(Optional.empty(), Optional.empty())).isNotSameAs(before);
  }

  @Test
  void theOldModelClosesWhenTheLastLeaseDoes() {
    start();
    ModelLease lease = models.lease(Optional.empty(), Optional.empty(), "id");
    ModelLease second = lease.another();
    repository.put("colors/2", "colors", 1);
    done(load());

    run(lease.model()); // still open
    lease.close();
    lease.close(); // twice does no harm
    run(second.model());
    second.close();

    assertThatThrownBy(() -> run(second.model())).isInstanceOf(IllegalStateException.class);
    assertThat(catchThrowableOfType(ServingException.class, second::another).failure())
        .isEqualTo(Failure.NOT_READY);
    run(models.require(Optional.empty(), Optional.empty()));
  }

  @Test
  void aModelThatIsServedAsItIsThereIsLeftAlone() {
    start();
    Model before = models.require(Optional.empty(), Optional.empty());

    done(load());
    assertThat(models.require(Optional.empty(), Optional.empty())).isSameAs(before);

    done(control.load("colors", Optional.of(1), Optional.empty())); // unless it is named
    assertThat(models.require(Optional.empty(), Optional.empty())).isNotSameAs(before);
  }

  @ParameterizedTest
  @CsvSource({"nothing", "..", "colors/..", "''", "."})
  void whatIsNotInTheRepositoryIsNotFound(String name) {
    start();
    assertThat(refused(control.load(name, Optional.empty(), Optional.empty())).failure())
        .isEqualTo(Failure.UNKNOWN_MODEL);
    assertThat(refused(control.load("colors", Optional.of(9), Optional.empty())).failure())
        .isEqualTo(Failure.UNKNOWN_MODEL);
  }

  @Test
  void checksumsAreCompared() throws Exception {
    start();
    Path version = repository.put("colors/2", "colors", 2);
    String sums = sha256sum(version, "model.onnx") + sha256sum(version, "config.json");
    Files.writeString(version.resolve("SHA256SUMS"), sums);
    done(load());
    assertThat(answering()).isEqualTo(2);

    Path other = repository.put("colors/2", "colors", 3);
    Files.writeString(other.resolve("SHA256SUMS"), sums);
    Files.writeString(other.resolve("config.json"), " ", StandardOpenOption.APPEND);
    assertThat(refused(load()).detail())
        .isEqualTo(
            "Version 3: config.json does not match its checksum in SHA256SUMS; copy it again.");
    assertThat(answering()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"../1/config.json", "labels.fr.txt", "/etc/passwd"})
  void checksumsAreOfFilesInTheFolder(String name) throws Exception {
    start();
    Path version = repository.put("colors/2", "colors", 2);
    Files.writeString(version.resolve("SHA256SUMS"), "0".repeat(64) + "  " + name + "\n");
    assertThat(refused(load()).detail())
        .containsAnyOf("which does not exist", "outside the folder")
        .doesNotContain("/etc");
  }

  @Test
  void goldenImagesMustBeClassifiedCorrectly() throws Exception {
    start();
    Path version = repository.put("colors/2", "colors", 2);
    golden(version, "red/first.jpg", "red.jpg");
    golden(version, "white/first.png", "white.png");
    done(load());
    assertThat(answering()).isEqualTo(2);

    Path wrong = repository.put("colors/2", "colors", 3);
    golden(wrong, "blue/first.jpg", "red.jpg");
    assertThat(refused(load()).detail())
        .contains("golden/blue/first.jpg is classified as \"red\", with a score of ");
    assertThat(answering()).isEqualTo(2);
  }

  @Test
  void goldenImagesAreOfTheModelsClassesAndReadable() throws Exception {
    start();
    Path version = repository.put("colors/2", "colors", 2);
    golden(version, "purple/first.jpg", "red.jpg");
    assertThat(refused(load()).detail())
        .contains(
            "purple/first.jpg is in a folder that is not named after one of the model's classes");

    repository.delete("colors/2/golden");
    Files.createDirectories(version.resolve("golden/red"));
    Files.writeString(version.resolve("golden/red/notes.txt"), "not an image");
    assertThat(refused(load()).detail()).contains("red/notes.txt cannot be classified: ");
    assertThat(answering()).isEqualTo(1);
  }

  @Test
  void rollbackIsNamingTheOldVersion() {
    start();
    repository.put("colors/2", "colors", 2);
    done(load());
    assertThat(answering()).isEqualTo(2);

    done(control.load("colors", Optional.empty(), Optional.of(TrafficSplit.parse("1"))));

    assertThat(answering()).isEqualTo(1);
    assertThat(models.require(Optional.empty(), Optional.empty()).version()).isEqualTo(1);
    assertThat(models.lease(Optional.empty(), Optional.of(2), "id").model().version()).isEqualTo(2);
  }

  @Test
  void aCanaryIsSharedOutByTheRequestsId() {
    start();
    repository.put("colors/2", "colors", 2);
    TrafficSplit traffic = TrafficSplit.parse("1:50,2:50");
    done(control.load("colors", Optional.empty(), Optional.of(traffic)));

    for (int i = 0; i < 100; i++) {
      String id = "id" + i;
      assertThat(answering(id)).isEqualTo(traffic.version("colors", id));
    }
    assertThat(models.served("colors").traffic()).hasValue(traffic);
  }

  @Test
  void trafficGoesOnlyToServedVersions() {
    start();
    CompletionStage<Void> routed =
        control.load("colors", Optional.empty(), Optional.of(TrafficSplit.parse("1:90,7:10")));
    assertThat(refused(routed).failure()).isEqualTo(Failure.UNKNOWN_MODEL);
    assertThat(models.served("colors").traffic()).isEmpty();
  }

  @Test
  void aVersionWithAShareOfTheTrafficStays() {
    start();
    repository.put("colors/2", "colors", 2);
    done(load());
    done(control.load("colors", Optional.empty(), Optional.of(TrafficSplit.parse("1"))));

    assertThat(refused(control.unload("colors", Optional.of(1))).parameter()).hasValue("version");
    done(control.unload("colors", Optional.of(2)));

    assertThat(models.served("colors").versions()).hasSize(1);
    assertThat(control.unavailable()).containsExactly(new Unavailable("colors", 2, "unloaded"));
  }

  @Test
  void whatIsUnloadedIsNotServedUntilItIsLoaded() {
    start();
    predictions();
    done(control.unload("colors", Optional.empty()));
    assertThat(models.ready()).isFalse();
    assertThat(refused(control.unload("colors", Optional.empty())).failure())
        .isEqualTo(Failure.UNKNOWN_MODEL);

    done(load());
    assertThat(answering()).isEqualTo(1);
  }

  @Test
  void theMetersOfAVersionGoWithIt() {
    start();
    repository.put("colors/2", "colors", 2);
    done(load());
    predictions();
    assertThat(meters.find("glimpse.requests").tag("version", "2").counter()).isNotNull();
    assertThat(meters.find("glimpse.model.load.seconds").tag("version", "2").gauge()).isNotNull();

    done(control.unload("colors", Optional.of(2)));

    assertThat(meters.find("glimpse.requests").tag("version", "2").counter()).isNull();
    assertThat(meters.find("glimpse.model.load.seconds").tag("version", "2").gauge()).isNull();
    assertThat(meters.find("glimpse.model.load.seconds").tag("version", "1").gauge()).isNotNull();
  }

  @Test
  void rollingBackNeedsNoOtherVersionToBeGood() {
    start();
    repository.put("colors/2", "colors", 2);
    done(load());
    repository.putBroken("corrupt-graph", "colors", 3);
    assertThat(refused(load()).failure()).isEqualTo(Failure.UNSERVABLE_MODEL);

    done(control.load("colors", Optional.empty(), Optional.of(TrafficSplit.parse("1"))));

    assertThat(answering()).isEqualTo(1);
  }

  @Test
  void whatIsLoadedWhenTheServiceHasStoppedIsClosed() {
    start();
    ModelFolder folder = new ModelFolder("colors", 1, this.folder.resolve("colors/1"));
    control.stop(new ShutdownEvent());
    models.stop(new ShutdownEvent());

    assertThat(
            catchThrowableOfType(
                    ServingException.class, () -> control.swapIn(folder, FolderSnapshot.of(folder)))
                .failure())
        .isEqualTo(Failure.NOT_READY);
    assertThat(models.ready()).isFalse();
  }

  @Test
  void aReloadThatFailsAfterTheStopLeavesTheMeters() {
    start();
    metrics.requestEnded("colors", "1", "ok");
    repository.putBroken("corrupt-graph", "colors", 1);
    ModelFolder folder = new ModelFolder("colors", 1, this.folder.resolve("colors/1"));
    control.stop(new ShutdownEvent());
    models.stop(new ShutdownEvent());

    assertThat(control.swapIn(folder, FolderSnapshot.of(folder))).isFalse();

    assertThat(meters.get("glimpse.requests").tag("version", "1").counter().count()).isEqualTo(1);
  }

  @Test
  void aVersionThatWasNeverServedHasNoMeters() throws Exception {
    start();
    Path wrong = repository.put("colors/2", "colors", 2);
    golden(wrong, "blue/first.jpg", "red.jpg");
    refused(load());
    assertThat(meters.find("glimpse.model.load.seconds").tag("version", "2").gauge()).isNull();
  }

  @Test
  void theMetersOfTheLastModelGoWithIt() {
    start();
    done(control.unload("colors", Optional.empty()));
    assertThat(meters.find("glimpse.model.load.seconds").gauge()).isNull();
  }

  @Test
  void aRequestThatEndsAfterItsVersionLeavesNoMeters() {
    start();
    repository.put("colors/2", "colors", 2);
    done(load());
    metrics.requestEnded("colors", "2", "ok");
    done(control.unload("colors", Optional.of(2)));
    metrics.requestEnded("colors", "2", "ok");
    assertThat(meters.find("glimpse.requests").tag("version", "2").counter()).isNull();

    done(load());
    metrics.requestEnded("colors", "2", "ok");
    assertThat(meters.get("glimpse.requests").tag("version", "2").counter().count()).isEqualTo(1);
  }

  @Test
  void aVersionOfNoWeightMayGo() {
    repository.put("colors/2", "colors", 2);
    start("glimpse.models.colors.traffic", "1:1,2:0");
    done(control.unload("colors", Optional.of(2)));
    assertThat(answering()).isEqualTo(1);
  }

  @Test
  void theLastVersionMayGoThoughItHasAllOfTheTraffic() {
    start("glimpse.models.colors.traffic", "1");
    done(control.unload("colors", Optional.of(1)));
    assertThat(models.ready()).isFalse();
  }

  @Test
  void whatTheSettingsSayOfTheTrafficHoldsForAModelThatComesBack() {
    repository.put("colors/2", "colors", 2);
    start("glimpse.models.colors.traffic", "1");
    done(control.unload("colors", Optional.empty()));
    done(load());
    assertThat(answering()).isEqualTo(1);
  }
}
