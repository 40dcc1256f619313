package dev.glimpse.support;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What tests get from the registries of others, in {@code .kept}: out of reach of {@code clean}, so
 * that a build on one more JDK does not get it again.
 */
final class Kept {

  private Kept() {}

  interface Maker {
    void make(Path folder) throws Exception;
  }

  /**
   * The folder that was made of this by an earlier test, or is made now.
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
