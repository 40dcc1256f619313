package dev.glimpse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "fpu sse2 avx fma avx2 avx512f avx512bw, x64-avx512f",
    "fpu sse2 avx fma avx2 avx512f avx512bw avx512_vnni, x64-avx512f-vnni",
    "fpu sse2 avx fma avx2 avx_vnni, x64-avx2-vnni",
    "fpu sse2 avx fma avx2, x64-avx2",
    "fpu sse2 avx avx2, x64-avx",
    "fpu sse2, x64-sse2"
  })
  void kindNamesWidestVectorsAndVnni(String flags, String kind) throws IOException {
    Path info =
        Files.writeString(
            folder.resolve("cpuinfo"),
            "processor\t: 0\nmodel name\t: avx512f by name only\nflags\t\t: %s\n\nprocessor\t: 1\n"
                .formatted(flags));
    assertThat(Cpu.kind(info, "amd64")).hasValue(kind);
    assertThat(Cpu.kind(info, "aarch64")).isEmpty();
    assertThat(Cpu.sumsOverflow(info, "amd64")).isEqualTo(!kind.endsWith("-vnni"));
    assertThat(Cpu.sumsOverflow(info, "aarch64")).isFalse();
  }

  @Test
  void kindIsEmptyIfItCannotBeRead() throws IOException {
    assertThat(Cpu.kind(folder.resolve("missing"), "amd64")).isEmpty();
    assertThat(Cpu.sumsOverflow(folder.resolve("missing"), "amd64")).isTrue();
    assertThat(Cpu.kind(Files.createFile(folder.resolve("empty")), "amd64")).isEmpty();
  }
}
