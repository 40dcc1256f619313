package dev.glimpse.support;

import java.nio.file.Files;
import java.nio.file.Path;

/** Runs Node.js with packages from npm. */
public final class Node {

  private final Path folder;

  private Node(Path folder) {
    this.folder = folder;
  }

  /**
   * Installs the packages, unless an earlier run has. The test is skipped, with the reason, where
   * there is no Node.js or no npm.
   *
   * @param packages a folder with {@code package.json} and {@code package-lock.json}
   */
  public static Node with(Path packages) throws Exception {
    Command.require("node", "--version");
    Path list = packages.resolve("package.json");
    Path lock = packages.resolve("package-lock.json");
    return new Node(
        Kept.folder("node", Files.readString(lock), folder -> install(list, lock, folder)));
  }

  private static void install(Path list, Path lock, Path folder) throws Exception {
    Files.writeString(folder.resolve("package.json"), Files.readString(list));
    Files.writeString(folder.resolve("package-lock.json"), Files.readString(lock));
    Command.require("npm", "ci", "--prefix", folder.toString(), "--ignore-scripts", "--no-audit");
  }

  /** Returns the path of a file in one of its packages. */
  public String file(String path) {
    return folder.resolve("node_modules").resolve(path).toString();
  }
}
