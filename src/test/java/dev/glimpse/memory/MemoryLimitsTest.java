package dev.glimpse.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitsTest {

  private static final long MB = 1 << 20;

  @TempDir Path folder;

  @Test
  void version2InAContainer() throws Exception {
    groups("0::/\n");
    limit("memory.max", "268435456\n");
    assertThat(limit()).hasValue(256 * MB);
  }

  @Test
  void version2WithoutALimit() throws Exception {
    groups("0::/\n");
    limit("memory.max", "max\n");
    assertThat(limit()).isEmpty();
  }

  @Test
  void version2TakesTheLowestLimitOnTheWayUp() throws Exception {
    groups("0::/pod/glimpse\n");
    limit("memory.max", "max\n");
    limit("pod/memory.max", "536870912\n");
    limit("pod/glimpse/memory.max", "1073741824\n");
    assertThat(limit()).hasValue(512 * MB);
  }

  @Test
  void version1InAContainerThatDoesNotSeeTheHostsPath() throws Exception {
    groups("9:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n");
    limit("memory/memory.limit_in_bytes", "536870912\n");
    assertThat(limit()).hasValue(512 * MB);
  }

  @Test
  void version1OnTheHost() throws Exception {
    groups("4:memory:/service\n");
    limit("memory/memory.limit_in_bytes", "9223372036854771712\n");
    limit("memory/service/memory.limit_in_bytes", "268435456\n");
    assertThat(limit()).hasValue(256 * MB);
  }

  @Test
  void version1WithoutALimit() throws Exception {
    groups("4:memory:/\n");
    limit("memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(limit()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNoLimit() throws Exception {
    assertThat(limit()).isEmpty();
    groups("nothing of ours\n0::/../../etc\n");
    limit("memory.max", "lots\n");
    assertThat(limit()).isEmpty();
  }

  @Test
  void aProcessKnowsItsOwn() {
    MemoryLimits limits = MemoryLimits.read();
    assertThat(limits.heap()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(limits.total()).isPositive();
  }

  /** The two smallest containers that deploy/ speaks of, with all of their shares. */
  @Test
  void sharesFitIntoSmallContainers() {
    RequestMemory jar = new RequestMemory(Configs.defaults(), new MemoryLimits(307 * MB, 512 * MB));
    assertThat(jar.bodies().capacity()).isEqualTo(56 * MB);
    assertThat(jar.bodies().capacity())
        .as("the largest body")
        .isGreaterThan(Configs.defaults().image().maxBytes().asLongValue());
    assertThat(jar.work().capacity() + jar.bodies().capacity()).isLessThan(307 * MB / 2);

    RequestMemory executable =
        new RequestMemory(Configs.defaults(), new MemoryLimits(205 * MB, 256 * MB));
    assertThat(executable.bodies().capacity()).isEqualTo(28 * MB);
    assertThat(executable.pixels().capacity()).as("beside bodies").isEqualTo(32 * MB);
    assertThat(executable.bodies().capacity())
        .as("a photo of 200 megapixels, or several usual ones")
        .isGreaterThan(25 * MB);
    assertThat(executable.mostParsed()).as("JSON").isEqualTo(205 * MB / 4 / 4);
  }

  @Test
  void anImageMayTakeAWorkersShareOfAQuarterButNotAnyAmount() {
    MemoryLimits container = new MemoryLimits(205 * MB, 256 * MB);
    assertThat(container.image(1)).isEqualTo(64 * MB);
    assertThat(container.image(2)).isEqualTo(32 * MB);
    assertThat(new MemoryLimits(16_000 * MB, 64_000 * MB).image(2)).isEqualTo(512 * MB);
  }

  @Test
  void bodiesMayTakeAQuarterOfTheHeapButNotAnyAmount() {
    MemoryLimits machine = new MemoryLimits(6_000 * MB, 24_000 * MB);
    assertThat(machine.bodies(32 * MB)).isEqualTo(512 * MB);
    assertThat(machine.bodies(100 * MB)).as("eight of the largest").isEqualTo(800 * MB);
    assertThat(machine.bodies(1_000 * MB)).isEqualTo(1_500 * MB);
    assertThat(new MemoryLimits(205 * MB, 256 * MB).bodies(32 * MB)).isEqualTo(32 * MB);
  }

  @Test
  void settingsComeFirst() {
    RequestMemory memory =
        new RequestMemory(
            Configs.of(
                Map.of(
                    "glimpse.memory.bodies", "1M",
                    "glimpse.memory.work", "2M",
                    "glimpse.image.max-memory", "3M",
                    "glimpse.workers.count", "4")),
            new MemoryLimits(307 * MB, 512 * MB));
    assertThat(memory.bodies().capacity()).isEqualTo(MB / 8 * 7);
    assertThat(memory.work().capacity()).isEqualTo(2 * MB);
    assertThat(memory.pixels().capacity()).isEqualTo(12 * MB);
  }

  private OptionalLong limit() {
    return new ContainerMemory(folder.resolve("cgroup"), folder.resolve("mounts")).limit();
  }

  private void groups(String lines) throws IOException {
    Files.writeString(folder.resolve("cgroup"), lines);
  }

  private void limit(String file, String value) throws IOException {
    Path path = folder.resolve("mounts").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, value);
  }
}
