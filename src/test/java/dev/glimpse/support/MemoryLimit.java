package dev.glimpse.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Bounds the memory of a process with a control group, as a container's is bounded. Needs the right
 * to create one: root, and version 1, or version 2 where the root group passes memory on.
 */
public final class MemoryLimit implements AutoCloseable {

  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  private final Path group;
  private final boolean version1;

  private MemoryLimit(Path group, boolean version1) {
    this.group = group;
    this.version1 = version1;
  }

  /** Creates a group with this limit; empty if that is not allowed here. */
  public static Optional<MemoryLimit> of(long bytes) {
    String name = "glimpse-test-" + ProcessHandle.current().pid();
    try {
      MemoryLimit limit =
          Files.isDirectory(MOUNT.resolve("memory"))
              ? new MemoryLimit(ownGroup().resolve(name), true)
              : new MemoryLimit(MOUNT.resolve(name), false);
      Files.createDirectory(limit.group);
      if (!Files.exists(limit.file("memory.limit_in_bytes", "memory.max"))) {
        Files.delete(limit.group);
        return Optional.empty();
      }
      Files.writeString(limit.file("memory.limit_in_bytes", "memory.max"), Long.toString(bytes));
      return Optional.of(limit);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns this process's group of version 1, below which its limits stay in force. */
  private static Path ownGroup() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
        .map(line -> line.split(":", 3))
        .filter(group -> List.of(group[1].split(",")).contains("memory"))
        .map(group -> MOUNT.resolve("memory").resolve(group[2].replaceFirst("^/+", "")))
        .filter(Files::isDirectory)
        .findFirst()
        .orElse(MOUNT.resolve("memory"));
  }

  /** Returns what has to stand before a command so that it runs in the group. */
  public List<String> prefix() {
    return List.of(
        "sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$0\" \"$@\"");
  }

  /** Returns the most bytes that the group has taken, its part of the page cache included. */
  public long peak() throws IOException {
    Path file = file("memory.max_usage_in_bytes", "memory.peak");
    return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : -1;
  }

  /** Returns how many processes the system has killed because of the limit. */
  public long kills() throws IOException {
    return Files.readAllLines(file("memory.oom_control", "memory.events")).stream()
        .filter(line -> line.startsWith("oom_kill "))
        .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
        .sum();
  }

  private Path file(String inVersion1, String inVersion2) {
    return group.resolve(version1 ? inVersion1 : inVersion2);
  }

  /** Removes the group; the processes in it have to have ended. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(group);
  }
}
