package dev.glimpse.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What of a processor decides how ONNX Runtime lays out a graph's weights for it: the width of its
 * vectors. See {@code MlasNchwcGetBlockSize} in <a
 * href="https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/platform.cpp">platform.cpp</a>.
 */
final class Cpu {

  private static final Path INFO = Path.of("/proc/cpuinfo");

  private Cpu() {}

  /** Its kind, e.g. {@code x64-avx512f}; empty where there is no telling. */
  static Optional<String> kind() {
    return kind(INFO, System.getProperty("os.arch"));
  }

  static Optional<String> kind(Path info, String architecture) {
    if (!architecture.toLowerCase(Locale.ROOT).matches("amd64|x86_64")) {
      return Optional.empty(); // nothing but these was ever tried
    }
    return flags(info)
        .map(flags ->
            flags.contains("avx512f")
                ? "x64-avx512f"
                : flags.containsAll(Set.of("avx2", "fma"))
                    ? "x64-avx2"
                    : flags.contains("avx") ? "x64-avx" : "x64-sse2");
  }

  /** The first processor's; those of one machine are alike. */
  private static Optional<Set<String>> flags(Path info) {
    try (BufferedReader lines = Files.newBufferedReader(info)) {
      return lines
          .lines()
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.copyOf(Arrays.asList(line.substring(line.indexOf(':') + 1).split(" "))));
    } catch (IOException | java.io.UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
