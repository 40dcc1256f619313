package dev.glimpse.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Identifies the properties of the processor by which ONNX Runtime lays out a graph's weights: the
 * width of its vectors, and whether it adds 8-bit products without overflow, as VNNI does. See
 * {@code MlasNchwcGetBlockSize} and {@code MlasPlatformU8S8Overflow} in <a
 * href="https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/platform.cpp">platform.cpp</a>.
 */
final class Cpu {

  private static final Path INFO = Path.of("/proc/cpuinfo");

  private Cpu() {}

  /** Returns the kind, such as {@code x64-avx512f}; empty if it is unknown. */
  static Optional<String> kind() {
    return kind(INFO, System.getProperty("os.arch"));
  }

  static Optional<String> kind(Path info, String architecture) {
    if (!isX64(architecture)) {
      return Optional.empty(); // prepared graphs have been tested on x86-64 only
    }
    return flags(info).map(flags -> "x64-" + vectors(flags) + products(flags));
  }

  /**
   * Returns whether sums of products of unsigned and signed bytes may overflow, as they do on
   * x86-64 without VNNI.
   */
  static boolean sumsOverflow() {
    return sumsOverflow(INFO, System.getProperty("os.arch"));
  }

  static boolean sumsOverflow(Path info, String architecture) {
    return isX64(architecture) && flags(info).map(Cpu::products).orElse("").isEmpty();
  }

  private static boolean isX64(String architecture) {
    return architecture.toLowerCase(Locale.ROOT).matches("amd64|x86_64");
  }

  private static String vectors(Set<String> flags) {
    if (flags.contains("avx512f")) {
      return "avx512f";
    }
    if (flags.containsAll(Set.of("avx2", "fma"))) {
      return "avx2";
    }
    return flags.contains("avx") ? "avx" : "sse2";
  }

  private static String products(Set<String> flags) {
    return flags.contains("avx512_vnni") || flags.contains("avx_vnni") ? "-vnni" : "";
  }

  /** Reads the flags of the first processor; those of one machine are alike. */
  private static Optional<Set<String>> flags(Path info) {
    try (BufferedReader lines = Files.newBufferedReader(info)) {
      return lines
          .lines()
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.copyOf(Arrays.asList(line.substring(line.indexOf(':') + 1).split(" "))));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
