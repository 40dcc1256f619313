package dev.glimpse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.glimpse.api.http.BodyJson;
import org.junit.jupiter.api.Test;

/** Data passes from top to bottom and never goes back up. */
class OneWayFlowTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.glimpse");

  @Test
  void roomsAreOneLevelDeepAndArrowsGoDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("doors")
        .definedBy(
            "dev.glimpse.api.predict",
            "dev.glimpse.api.compat",
            "dev.glimpse.api.health",
            "dev.glimpse.api.problem")
        .layer("doors for tensors")
        .definedBy(
            "dev.glimpse.api.kserve",
            "dev.glimpse.api.openinference",
            "dev.glimpse.api.tensorjson",
            "dev.glimpse.api.triton")
        .layer("http")
        .definedBy("dev.glimpse.api.http")
        .layer("classifier")
        .definedBy("dev.glimpse")
        .layer("lifecycle")
        .definedBy("dev.glimpse.lifecycle")
        .layer("pipeline")
        .definedBy("dev.glimpse.pipeline")
        .layer("cli")
        .definedBy("dev.glimpse.cli")
        .layer("pull")
        .definedBy("dev.glimpse.pull")
        .layer("registry")
        .definedBy("dev.glimpse.registry")
        .layer("model")
        .definedBy("dev.glimpse.model")
        .layer("recipe")
        .definedBy("dev.glimpse.recipe")
        .layer("repository")
        .definedBy("dev.glimpse.repository")
        .layer("preprocess")
        .definedBy("dev.glimpse.preprocess")
        .layer("image")
        .definedBy("dev.glimpse.image..")
        .layer("batching")
        .definedBy("dev.glimpse.batching")
        .layer("workers")
        .definedBy("dev.glimpse.workers")
        .layer("postprocess")
        .definedBy("dev.glimpse.postprocess")
        .layer("cache")
        .definedBy("dev.glimpse.cache")
        .layer("remote")
        .definedBy("dev.glimpse.remote")
        .layer("engine")
        .definedBy("dev.glimpse.engine")
        .layer("cellar")
        .definedBy(
            "dev.glimpse.config",
            "dev.glimpse.digest",
            "dev.glimpse.failure",
            "dev.glimpse.metrics")
        .whereLayer("doors for tensors")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("doors")
        .mayOnlyBeAccessedByLayers("doors for tensors") // how a problem is told
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("doors", "doors for tensors")
        .whereLayer("classifier")
        .mayOnlyBeAccessedByLayers("doors", "doors for tensors", "lifecycle")
        .whereLayer("lifecycle")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("pipeline")
        .mayOnlyBeAccessedByLayers("doors", "doors for tensors", "http", "classifier", "lifecycle")
        .whereLayer("cli")
        .mayOnlyBeAccessedByLayers("lifecycle")
        .whereLayer("pull")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("registry")
        .mayOnlyBeAccessedByLayers("doors", "doors for tensors", "classifier", "lifecycle", "cli")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers(
            "doors", "doors for tensors", "classifier", "pipeline", "lifecycle", "cli", "registry")
        .whereLayer("recipe")
        .mayOnlyBeAccessedByLayers("classifier", "cli", "pull", "model")
        .whereLayer("repository")
        .mayOnlyBeAccessedByLayers("cli", "pull", "registry", "model", "recipe")
        .whereLayer("preprocess")
        .mayOnlyBeAccessedByLayers("doors for tensors", "classifier", "cli", "model", "recipe")
        .whereLayer("image")
        .mayOnlyBeAccessedByLayers(
            "classifier", "lifecycle", "cli", "registry", "model", "preprocess")
        .whereLayer("batching")
        .mayOnlyBeAccessedByLayers("classifier", "model")
        .whereLayer("workers")
        .mayOnlyBeAccessedByLayers(
            "doors",
            "doors for tensors",
            "classifier",
            "pipeline",
            "lifecycle",
            "cli",
            "registry",
            "model",
            "batching")
        .whereLayer("postprocess")
        .mayOnlyBeAccessedByLayers(
            "classifier",
            "pipeline",
            "cli",
            "model",
            "recipe",
            "doors",
            "doors for tensors",
            "cache")
        .whereLayer("cache")
        .mayOnlyBeAccessedByLayers("classifier", "pipeline", "lifecycle")
        .whereLayer("remote")
        .mayOnlyBeAccessedByLayers("doors")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers(
            "doors for tensors",
            "classifier",
            "pipeline",
            "lifecycle",
            "cli",
            "registry",
            "model",
            "recipe",
            "repository",
            "batching")
        .whereLayer("cellar")
        .mayOnlyAccessLayers("cellar")
        .ensureAllClassesAreContainedInArchitecture()
        .check(CLASSES);
  }

  @Test
  void onlyTheEngineKnowsDjlAndOnnxRuntime() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.glimpse.engine")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl..", "ai.onnxruntime..")
        .check(CLASSES);
  }

  @Test
  void onlyTheImageRoomKnowsAwtAndImageIo() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.glimpse.image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax.imageio..")
        .check(CLASSES);
  }

  @Test
  void onlyTheEngineAndTheImageRoomCallNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.glimpse.engine", "dev.glimpse.image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.sun.jna..")
        .check(CLASSES);
  }

  @Test
  void onlyTheDoorsAndTheRemoteRoomKnowHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.glimpse.api..", "dev.glimpse.remote")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.ws.rs..", "io.vertx..")
        .check(CLASSES);
  }

  /** As theirs would keep the names of fields that clients send. */
  @Test
  void onlyOneClassOfTheDoorsMakesParsersOfJson() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.glimpse.api..")
        .and()
        .doNotBelongToAnyOf(BodyJson.class)
        .should()
        .callConstructor(ObjectMapper.class)
        .orShould()
        .callConstructor(JsonFactory.class)
        .orShould()
        .callConstructor(JsonFactoryBuilder.class)
        .check(CLASSES);
  }
}
