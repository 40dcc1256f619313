package dev.glimpse.lifecycle;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged application on machines with faults, which mounts and capabilities of its own make.
 * It names each in one sentence, or starts all the same.
 */
@Tag("repeated")
@Timeout(120)
class PlatformFaultsIT {

  /** Runs a command below mounts that no other process sees. */
  private static final List<String> OWN_MOUNTS = List.of("unshare", "-m", "sh", "-c");

  private static final List<String> WITHOUT_ROOTS_RIGHTS =
      List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search");

  private static boolean mounts;
  private static boolean isNative;

  @TempDir private Path folder;

  @BeforeAll
  static void findOutWhatIsPossible() throws Exception {
    isNative = Service.isNative();
    mounts = succeeds("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt");
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Of an executable, the libraries are beside it, and nothing is unpacked. */
  @Test
  void foldersForTemporaryFilesThatDoNotSuffice() throws Exception {
    assumeThat(mounts).as("this user may mount").isTrue();
    String said = "The folder for temporary files, " + folder + ", ";
    Process readOnly = startBelow("-o ro");
    Process noexec = isNative ? null : startBelow("-o noexec");
    Process full = isNative ? null : startBelow("-o size=1m");

    assertThat(outputOf(readOnly))
        .isEqualTo(
            said
                + "is read-only; mount a writable one there, which may be small, or set another"
                + " with -Djava.io.tmpdir.\n");
    if (noexec != null && full != null) {
      assertThat(outputOf(noexec))
          .isEqualTo(
              said
                  + "is mounted noexec, so that no library can be loaded from it; mount it with"
                  + " exec, or set another with -Djava.io.tmpdir (or -Donnxruntime.native.path to"
                  + " a folder that holds ONNX Runtime's libraries).\n");
      assertThat(outputOf(full))
          .isEqualTo(
              said + "has no space left; free some, or set another with -Djava.io.tmpdir.\n");
    }
  }

  /** As on a system without the package that has it. */
  @Test
  void sharedLibraryIsMissing() throws Exception {
    for (String name : List.of("onnxruntime", "onnxruntime4j_jni")) {
      String file = System.mapLibraryName(name);
      try (InputStream in = library(file)) {
        assumeThat(in).as("libraries for this platform").isNotNull();
        String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        Files.write(
            folder.resolve(file),
            text.replace("\0libstdc++.so.6\0", "\0libstdc++.so.0\0")
                .getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    Process process = start(List.of(), List.of("-Donnxruntime.native.path=" + folder), colors());

    assertThat(outputOf(process))
        .isEqualTo(
            "The shared library libstdc++.so.0 is not installed; install the package that has"
                + " it.\n");
  }

  private static InputStream library(String file) {
    return PlatformFaultsIT.class.getResourceAsStream("/ai/onnxruntime/native/linux-x64/" + file);
  }

  @Test
  void modelsThatThisUserMayNotRead() throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    assumeThat(!root || succeeds("setpriv", "--version"))
        .as("this user's rights can be dropped")
        .isTrue();
    Path repository = Files.createDirectory(folder.resolve("models"));
    Path graph = Files.createDirectory(repository.resolve("colors")).resolve("model.onnx");
    for (String file : List.of("model.onnx", "config.json", "preprocessor_config.json")) {
      Files.copy(Fixtures.MODELS.resolve("colors/2").resolve(file), graph.resolveSibling(file));
    }
    List<String> prefix = root ? WITHOUT_ROOTS_RIGHTS : List.of();
    graph.toFile().setReadable(false, false);
    Process file = start(prefix, List.of(), repository);
    assertThat(outputOf(file))
        .isEqualTo(
            "Model folder "
                + graph.getParent()
                + ": model.onnx cannot be read by this user; change its permissions, or those of"
                + " its folder.\n");
    repository.toFile().setReadable(false, false);
    Process all = start(prefix, List.of(), repository);
    assertThat(outputOf(all))
        .isEqualTo("Cannot list the folder " + repository + "; check its permissions.\n");
    repository.toFile().setReadable(true, true);
  }

  /** Those of runs that were killed; the service starts on a small folder of this kind, too. */
  @Test
  void leftoversAreClearedAfterTheStart() throws Exception {
    long ended = new ProcessBuilder("true").start().toHandle().pid();
    Path killed = leftover("glimpse-onnxruntime-" + ended + "-1");
    Path used = leftover("glimpse-onnxruntime-" + ProcessHandle.current().pid() + "-2");
    Path foreign = leftover("other-1");
    try (Service service =
        Service.start(
            Map.of(
                "java.io.tmpdir", folder.toString(),
                "glimpse.models.path", colors().toString(),
                "glimpse.models.default", "colors"))) {
      await().until(() -> !Files.exists(killed));
      assertThat(used).exists();
      assertThat(foreign).exists();
      assertThat(folder.resolve("vertx-cache")).doesNotExist();
      service.terminate();
      assertThat(service.ended(20)).isTrue();
    }
  }

  /** While ONNX Runtime is loading, whose data must not be destroyed under it. */
  @Test
  void signalEndsTheStart() throws Exception {
    // First, as it takes longer in a cold test than the start of an executable.
    assumeThat(Path.of("/proc/self/maps")).as("Linux").isReadable();
    Process process = start(List.of(), List.of(), colors());
    Path maps = Path.of("/proc", "" + process.pid(), "maps");
    while (!Files.readString(maps).contains("libonnxruntime")) {
      Thread.sleep(1);
    }
    process.toHandle().destroy(); // destroy() of the process would close its output, too

    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output).contains("The start was interrupted by a signal.\n");
    assertThat(output.lines().filter(line -> !line.contains(" INFO "))).hasSize(1);
    assertThat(output).doesNotContain("Listening on");
    assertThat(process.waitFor()).isEqualTo(128 + 15);
  }

  private Path leftover(String name) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    return Files.setLastModifiedTime(made, FileTime.from(Instant.now().minusSeconds(3600)));
  }

  private static Path colors() {
    return Fixtures.MODELS.toAbsolutePath();
  }

  /** Starts the service with a folder for temporary files of these options. */
  private Process startBelow(String options) throws IOException {
    String mount = "mount -t tmpfs %s tmpfs '%s' && exec \"$0\" \"$@\"".formatted(options, folder);
    List<String> prefix = new ArrayList<>(OWN_MOUNTS);
    prefix.add(mount);
    return start(prefix, List.of("-Djava.io.tmpdir=" + folder), colors());
  }

  private static Process start(List<String> prefix, List<String> options, Path repository)
      throws IOException {
    List<String> all = new ArrayList<>(options);
    all.add("-Dquarkus.http.port=0");
    all.add("-Dglimpse.models.path=" + repository);
    List<String> command = new ArrayList<>(prefix);
    command.addAll(Service.command(all));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /**
   * Waits until a process has ended by itself, with status 1; returns what it has printed, except
   * for lines of level INFO.
   */
  private static String outputOf(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(1);
    return output
        .lines()
        .filter(line -> !line.contains(" INFO "))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}
