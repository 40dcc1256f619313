package dev.glimpse.support;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Keeps what tests download from public registries in {@code .kept}, which {@code clean} does not
 * delete, so that a build on another JDK does not download it again.
 */
final class Kept {

  private Kept() {}

  interface Maker {
    void make(Path folder) throws Exception;
  }

  /**
   * Returns the folder that an earlier test created, or creates it now.
   *
   * @param name begins the folder's name
   * @param of all that decides what is in it
   */
  static Path folder(String name, String of, Maker maker) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8));
    Path folder = Path.of(".kept", name + "-" + HexFormat.of().formatHex(hash, 0, 6));
    Path made = folder.resolve("made");
    if (!Files.exists(made)) {
      Files.createDirectories(folder);
      maker.make(folder);
      Files.createFile(made);
    }
    return folder.toAbsolutePath();
  }
}
