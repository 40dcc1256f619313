package dev.glimpse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.glimpse.api.http.BodyJson;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Checks that dependencies between packages only go down, as ARCHITECTURE.md draws them, that no
 * packages form a cycle, and that no cycle of classes inside one package grows.
 */
class ArchitectureTest {

  /**
   * The packages by floor, the top floor first. A package depends on packages of lower floors only,
   * never on one of its own floor.
   */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("lifecycle"),
          Set.of("api.kserve", "api.grpc.services"), // kserve explains, too
          Set.of("api.live", "api.explain", "api.results"), // take what api.predict takes
          Set.of("cli", "api.access", "api.compat", "api.management", "api.predict", "api.triton"),
          Set.of("calibration"),
          Set.of("api.openinference", "pull", "evaluation"),
          Set.of("api.tensorjson"),
          Set.of("api.connections", "api.health", "api.page", "api.problem"),
          Set.of("api.grpc"),
          Set.of("api.http"),
          Set.of("", "events", "folder", "results"), // the five classes of the root
          Set.of("explain"),
          Set.of("pipeline"),
          Set.of("registry"),
          Set.of("model"),
          Set.of("recipe", "batching", "signing"),
          Set.of("workers", "preprocess", "repository"),
          Set.of("image.codecs"),
          Set.of(
              "image.bmp",
              "image.gif",
              "image.heif",
              "image.jpeg",
              "image.png",
              "image.tiff",
              "image.webp"),
          Set.of("image", "engine", "cache", "remote", "access"),
          Set.of("postprocess", "memory", "redis", "tracing"),
          Set.of("metrics", "config"),
          Set.of("bytes", "failure", "digest", "threads"));

  /** The largest number of classes that may depend on each other in a circle. */
  private static final int LARGEST_CLASS_CYCLE = 4;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.glimpse");

  @Test
  void everyPackageHasAFloor() {
    Set<String> packages =
        CLASSES.stream().map(ArchitectureTest::packageOf).collect(Collectors.toSet());
    Set<String> placed = FLOORS.stream().flatMap(Set::stream).collect(Collectors.toSet());

    assertThat(placed).containsExactlyInAnyOrderElementsOf(packages);
  }

  @Test
  void dependenciesOnlyGoDown() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass origin : CLASSES) {
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith("dev.glimpse")
            && !packageOf(target).equals(packageOf(origin))
            && floorOf(target) <= floorOf(origin)) {
          wrong.add(
              "%s depends on %s, which is not below it"
                  .formatted(origin.getFullName(), target.getFullName()));
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  /** Floors alone would let an endpoint use the engine; each package names its users, too. */
  @Test
  void packagesAreUsedOnlyWhereTheyBelong() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("endpoints")
        .definedBy(
            "dev.glimpse.api.predict",
            "dev.glimpse.api.explain",
            "dev.glimpse.api.access",
            "dev.glimpse.api.compat",
            "dev.glimpse.api.health",
            "dev.glimpse.api.live",
            "dev.glimpse.api.management",
            "dev.glimpse.api.page",
            "dev.glimpse.api.problem",
            "dev.glimpse.api.results")
        .layer("tensor endpoints")
        .definedBy(
            "dev.glimpse.api.grpc.services",
            "dev.glimpse.api.kserve",
            "dev.glimpse.api.openinference",
            "dev.glimpse.api.tensorjson",
            "dev.glimpse.api.triton")
        .layer("http")
        .definedBy("dev.glimpse.api.http", "dev.glimpse.api.connections", "dev.glimpse.api.grpc")
        .layer("classifier")
        .definedBy("dev.glimpse")
        .layer("results")
        .definedBy("dev.glimpse.results")
        .layer("lifecycle")
        .definedBy("dev.glimpse.lifecycle")
        .layer("explain")
        .definedBy("dev.glimpse.explain")
        .layer("pipeline")
        .definedBy("dev.glimpse.pipeline")
        .layer("events")
        .definedBy("dev.glimpse.events")
        .layer("cli")
        .definedBy("dev.glimpse.cli")
        .layer("calibration")
        .definedBy("dev.glimpse.calibration")
        .layer("evaluation")
        .definedBy("dev.glimpse.evaluation")
        .layer("folder")
        .definedBy("dev.glimpse.folder")
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
        .layer("signing")
        .definedBy("dev.glimpse.signing")
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
        .layer("access")
        .definedBy("dev.glimpse.access")
        .layer("memory")
        .definedBy("dev.glimpse.memory")
        .layer("redis")
        .definedBy("dev.glimpse.redis")
        .layer("tracing")
        .definedBy("dev.glimpse.tracing")
        .layer("engine")
        .definedBy("dev.glimpse.engine")
        .layer("foundation")
        .definedBy(
            "dev.glimpse.bytes",
            "dev.glimpse.config",
            "dev.glimpse.digest",
            "dev.glimpse.failure",
            "dev.glimpse.metrics",
            "dev.glimpse.threads")
        .whereLayer("tensor endpoints")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("endpoints")
        .mayOnlyBeAccessedByLayers("tensor endpoints") // they return problems, too
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("endpoints", "tensor endpoints")
        .whereLayer("classifier")
        .mayOnlyBeAccessedByLayers("endpoints", "tensor endpoints", "lifecycle")
        .whereLayer("results")
        .mayOnlyBeAccessedByLayers("endpoints")
        .whereLayer("lifecycle")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("explain")
        .mayOnlyBeAccessedByLayers("endpoints", "tensor endpoints", "classifier", "cli")
        .whereLayer("pipeline")
        .mayOnlyBeAccessedByLayers(
            "endpoints",
            "tensor endpoints",
            "http",
            "classifier",
            "events",
            "explain",
            "folder",
            "lifecycle",
            "cli")
        .whereLayer("events")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cli")
        .mayOnlyBeAccessedByLayers("lifecycle")
        .whereLayer("calibration")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("evaluation")
        .mayOnlyBeAccessedByLayers("cli", "calibration")
        .whereLayer("folder")
        .mayOnlyBeAccessedByLayers("cli", "evaluation", "calibration")
        .whereLayer("pull")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("registry")
        .mayOnlyBeAccessedByLayers(
            "endpoints", "tensor endpoints", "classifier", "lifecycle", "cli")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers(
            "endpoints",
            "tensor endpoints",
            "classifier",
            "events",
            "explain",
            "pipeline",
            "lifecycle",
            "calibration",
            "evaluation",
            "folder",
            "cli",
            "registry")
        .whereLayer("recipe")
        .mayOnlyBeAccessedByLayers("classifier", "cli", "pull", "model", "calibration")
        .whereLayer("signing")
        .mayOnlyBeAccessedByLayers("cli", "model")
        .whereLayer("repository")
        .mayOnlyBeAccessedByLayers(
            "cli", "pull", "registry", "model", "recipe", "signing", "calibration")
        .whereLayer("preprocess")
        .mayOnlyBeAccessedByLayers(
            "endpoints",
            "tensor endpoints",
            "classifier",
            "explain",
            "lifecycle",
            "cli",
            "model",
            "recipe")
        .whereLayer("image")
        .mayOnlyBeAccessedByLayers(
            "classifier",
            "events",
            "explain",
            "pipeline",
            "lifecycle",
            "evaluation",
            "folder",
            "cli",
            "registry",
            "model",
            "preprocess")
        .whereLayer("batching")
        .mayOnlyBeAccessedByLayers("classifier", "model")
        .whereLayer("workers")
        .mayOnlyBeAccessedByLayers(
            "endpoints",
            "tensor endpoints",
            "http",
            "classifier",
            "explain",
            "pipeline",
            "results",
            "lifecycle",
            "cli",
            "registry",
            "model",
            "batching")
        .whereLayer("postprocess")
        .mayOnlyBeAccessedByLayers(
            "calibration",
            "classifier",
            "explain",
            "events",
            "pipeline",
            "evaluation",
            "folder",
            "cli",
            "model",
            "recipe",
            "endpoints",
            "tensor endpoints",
            "cache")
        .whereLayer("access")
        .mayOnlyBeAccessedByLayers("endpoints", "http", "cli")
        .whereLayer("cache")
        .mayOnlyBeAccessedByLayers("classifier", "pipeline", "lifecycle")
        .whereLayer("remote")
        .mayOnlyBeAccessedByLayers("endpoints", "results")
        .whereLayer("redis")
        .mayOnlyBeAccessedByLayers("access", "cache", "results")
        .whereLayer("tracing")
        .mayOnlyBeAccessedByLayers("http", "classifier", "events", "pipeline", "remote")
        .whereLayer("memory")
        .mayOnlyBeAccessedByLayers("http", "classifier", "lifecycle", "pipeline", "image", "remote")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers(
            "tensor endpoints",
            "classifier",
            "explain",
            "pipeline",
            "lifecycle",
            "folder",
            "cli",
            "registry",
            "model",
            "preprocess",
            "recipe",
            "repository",
            "batching")
        .whereLayer("foundation")
        .mayOnlyAccessLayers("foundation")
        .ensureAllClassesAreContainedInArchitecture()
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("dev.glimpse.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theRootPackageIsTheTableOfContents() {
    assertThat(
            CLASSES.stream()
                .filter(c -> packageOf(c).isEmpty() && c.isTopLevelClass())
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("package-info")))
        .containsExactlyInAnyOrder(
            "Classifier", "BatchClassifier", "TensorInference", "Explainer", "Embedder");
  }

  @Test
  void cyclesOfClassesInsideAPackageAreSmall() {
    Map<String, Set<String>> cycles = new TreeMap<>();
    Map<JavaClass, Set<JavaClass>> graph = dependenciesInsidePackages();
    for (JavaClass start : graph.keySet()) {
      Set<JavaClass> reached = reachable(start, graph);
      Set<String> cycle =
          reached.stream()
              .filter(other -> reachable(other, graph).contains(start))
              .map(JavaClass::getSimpleName)
              .collect(Collectors.toCollection(TreeSet::new));
      if (cycle.size() > LARGEST_CLASS_CYCLE) {
        cycles.put(packageOf(start), cycle);
      }
    }

    assertThat(cycles).isEmpty();
  }

  @Test
  void onlyTheEngineUsesDjlAndOnnxRuntime() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.glimpse.engine")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl..", "ai.onnxruntime..")
        .check(CLASSES);
  }

  @Test
  void onlyTheImagePackagesUseAwtAndImageIo() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.glimpse.image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax.imageio..")
        .check(CLASSES);
  }

  @Test
  void onlyWhatNeedsANativeLibraryOrTheSystemCallsNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.glimpse.engine",
            "dev.glimpse.image..",
            "dev.glimpse.preprocess",
            "dev.glimpse.bytes")
        .and()
        .doNotHaveFullyQualifiedName("dev.glimpse.api.http.NewConnections")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.sun.jna..")
        .check(CLASSES);
  }

  @Test
  void onlyTheEndpointsAndRemoteUseHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.glimpse.api..", "dev.glimpse.remote", "dev.glimpse.redis")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.ws.rs..", "io.vertx..")
        .check(CLASSES);
  }

  /** So that none of it is loaded where Redis is not used. */
  @Test
  void onlyTheConnectionUsesTheRedisClient() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.glimpse.redis.VertxConnector")
        .and()
        .doNotHaveFullyQualifiedName("dev.glimpse.redis.VertxConnection")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.redis..")
        .check(CLASSES);
  }

  /** A parser made elsewhere would intern the names of fields that clients send. */
  @Test
  void onlyOneClassOfTheEndpointsCreatesJsonParsers() {
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

  private static Map<JavaClass, Set<JavaClass>> dependenciesInsidePackages() {
    Map<JavaClass, Set<JavaClass>> graph = new HashMap<>();
    for (JavaClass origin : CLASSES) {
      Set<JavaClass> targets = graph.computeIfAbsent(topLevel(origin), c -> new HashSet<>());
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        JavaClass target = topLevel(dependency.getTargetClass().getBaseComponentType());
        if (target.getPackageName().equals(origin.getPackageName())
            && !target.equals(topLevel(origin))) {
          targets.add(target);
        }
      }
    }
    return graph;
  }

  private static Set<JavaClass> reachable(JavaClass start, Map<JavaClass, Set<JavaClass>> graph) {
    Set<JavaClass> seen = new HashSet<>();
    Deque<JavaClass> open = new ArrayDeque<>(graph.getOrDefault(start, Set.of()));
    while (!open.isEmpty()) {
      JavaClass next = open.poll();
      if (seen.add(next)) {
        open.addAll(graph.getOrDefault(next, Set.of()));
      }
    }
    return seen;
  }

  private static JavaClass topLevel(JavaClass nested) {
    JavaClass outer = nested;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }

  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    return name.equals("dev.glimpse") ? "" : name.substring("dev.glimpse.".length());
  }

  private static int floorOf(JavaClass type) {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      if (FLOORS.get(floor).contains(packageOf(type))) {
        return floor;
      }
    }
    throw new IllegalStateException(type.getPackageName() + " has no floor");
  }
}
