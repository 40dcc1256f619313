package dev.glimpse.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Command;
import dev.glimpse.support.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged application asks no other machine for anything, at the start, under load or at the
 * end: no telemetry, no models, no names. Linux lets a user have a network of one's own for this,
 * on which every attempt is counted, unless an administrator forbids it.
 */
@Timeout(120)
class OfflineIT {

  private static final List<String> ALONE =
      List.of("unshare", "--map-root-user", "--net", "--mount");

  @TempDir private Path folder;

  @Test
  void nothingIsSentToOtherMachines() throws Exception {
    require("ip", "link", "set", "lo", "up");
    Command.require("curl", "--version");
    List<String> command = new ArrayList<>(ALONE);
    command.addAll(List.of("src/test/offline/run.sh", folder.toString()));
    command.addAll(Service.command(List.of("-Dquarkus.http.port=0", "-Dglimpse.drain.quiet=0s")));

    assertThat(Command.run(command, Map.of())).isEqualTo("datagrams=0 connections=0");
  }

  private static void require(String... command) throws Exception {
    List<String> all = new ArrayList<>(ALONE);
    all.addAll(List.of(command));
    Command.require(all.toArray(String[]::new));
  }
}
