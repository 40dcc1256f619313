package dev.glimpse.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * Reads how much memory the control group of this process may take, from <a
 * href="https://docs.kernel.org/admin-guide/cgroup-v2.html#memory">version 2</a> or <a
 * href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html">version 1</a>.
 */
final class ContainerMemory {

  /** Version 1 writes the largest multiple of a page for "no limit". */
  private static final long UNLIMITED = 1L << 60;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final Path groups;
  private final Path mounts;

  /**
   * Reads from these places.
   *
   * @param groups the process's groups, as in {@code /proc/self/cgroup}
   * @param mounts where the groups are mounted, as in {@code /sys/fs/cgroup}
   */
  ContainerMemory(Path groups, Path mounts) {
    this.groups = groups;
    this.mounts = mounts;
  }

  /** Returns the lowest limit of the process's group and of those above it, in bytes. */
  OptionalLong limit() {
    if (!Files.isReadable(groups)) {
      return OptionalLong.empty(); // not Linux
    }
    try {
      return Files.readAllLines(groups).stream()
          .map(line -> List.of(line.split(":", 3)))
          .filter(group -> group.size() == 3)
          .flatMapToLong(group -> limits(group.get(0), group.get(1), group.get(2)))
          .min();
    } catch (IOException | UncheckedIOException e) {
      return OptionalLong.empty();
    }
  }

  private LongStream limits(String number, String controllers, String path) {
    if (number.equals("0") && controllers.isEmpty()) {
      return limits(mounts, path, "memory.max");
    }
    if (List.of(controllers.split(",")).contains("memory")) {
      return limits(mounts.resolve("memory"), path, "memory.limit_in_bytes");
    }
    return LongStream.empty();
  }

  /**
   * Returns the limits from a group up to the mount. In a container the path may be the host's,
   * which is not mounted: then only the mount's own file exists.
   */
  private static LongStream limits(Path mount, String path, String file) {
    LongStream.Builder limits = LongStream.builder();
    Path top = mount.normalize();
    Path group = top.resolve(path.replaceFirst("^/+", "")).normalize();
    while (group != null && group.startsWith(top)) {
      number(group.resolve(file)).ifPresent(limits);
      group = group.getParent();
    }
    return limits.build();
  }

  private static OptionalLong number(Path file) {
    try {
      String text = Files.isReadable(file) ? Files.readString(file).strip() : "";
      boolean limited = NUMBER.matcher(text).matches() && Long.parseLong(text) < UNLIMITED;
      return limited ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
