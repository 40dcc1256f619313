package dev.glimpse.signing;

import dev.glimpse.digest.Sha256;
import dev.glimpse.failure.InterruptedStartException;
import dev.glimpse.repository.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares a folder with what its signature says of it. Hidden files, whose names or folders begin
 * with a dot, need not be signed, as they are never read.
 */
final class SignedFolder {

  private static final String MARKDOWN = ".md";

  private final Path folder;
  private final SignedStatement statement;

  /**
   * Creates a comparison.
   *
   * @param statement whose signature has been verified
   */
  SignedFolder(Path folder, SignedStatement statement) {
    this.folder = folder;
    this.statement = statement;
  }

  /**
   * Reads each signed file once, verifies its digest, and that there are no other files.
   *
   * @param copy an empty folder into which what was verified is written, with the files' times; it
   *     is of no use after an error. Null: nothing is written
   * @throws InvalidSignatureException if the folder is not what was signed, or the copy cannot be
   *     written
   */
  void verify(@Nullable Path copy) {
    requireNoOthers();
    for (Map.Entry<String, String> file : statement.files().entrySet()) {
      InterruptedStartException.check();
      requireFile(file.getKey());
      if (!digest(file.getKey(), copy).equals(file.getValue())) {
        throw new InvalidSignatureException(
            file.getKey()
                + " is not the file that was signed; copy it again, or sign the folder again");
      }
    }
  }

  private String digest(String name, @Nullable Path copy) {
    Path file = folder.resolve(name);
    try (InputStream bytes = Files.newInputStream(file)) {
      if (copy == null) {
        return Sha256.hex(bytes, OutputStream.nullOutputStream());
      }
      Path written = copy.resolve(name);
      Files.createDirectories(written.getParent());
      String digest;
      try (OutputStream out = Files.newOutputStream(written, StandardOpenOption.CREATE_NEW)) {
        digest = Sha256.hex(bytes, out);
      }
      Files.setLastModifiedTime(written, Files.getLastModifiedTime(file));
      return digest;
    } catch (IOException e) {
      throw new InvalidSignatureException(
          name
              + " cannot be read, or not be copied into the folder for temporary files; make space"
              + " there for the whole model, or set another folder with -Djava.io.tmpdir",
          e);
    }
  }

  private void requireFile(String name) {
    Path file = folder.resolve(name);
    if (!statement.links()) {
      Path part = folder;
      for (Path step : Path.of(name)) {
        part = part.resolve(step);
        requireNoLink(part);
      }
    }
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new InvalidSignatureException(
          name + " was signed, and is missing; copy it again, or sign the folder again");
    }
    requireRegular(file);
  }

  private void requireRegular(Path file) {
    FileKind.problem(file)
        .ifPresent(problem -> {
          throw new InvalidSignatureException(name(file) + " " + problem);
        });
  }

  private void requireNoLink(Path path) {
    if (Files.isSymbolicLink(path)) {
      throw new InvalidSignatureException(
          name(path)
              + " is a symbolic link, and the folder was signed without any; copy the file in its"
              + " place, or sign the folder again with --allow_symlinks");
    }
  }

  private String name(Path path) {
    return folder.relativize(path).toString();
  }

  private void requireNoOthers() {
    Set<FileVisitOption> options =
        statement.links()
            ? EnumSet.of(FileVisitOption.FOLLOW_LINKS)
            : EnumSet.noneOf(FileVisitOption.class);
    try {
      Files.walkFileTree(folder, options, Integer.MAX_VALUE, new Others());
    } catch (IOException e) {
      throw new InvalidSignatureException("the folder cannot be listed", e);
    }
  }

  /** Fails at the first file that is not signed. */
  private final class Others extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      return !path.equals(folder) && isHidden(path)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!isHidden(file) && !name(file).equals(ModelVerification.FILE)) {
        requireSigned(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      throw unreadable(name(file), e);
    }

    private boolean isHidden(Path path) {
      return path.getFileName().toString().startsWith(".");
    }
  }

  private void requireSigned(Path file) {
    String name = name(file);
    if (statement.files().containsKey(name)) {
      return;
    }
    if (!statement.links()) {
      requireNoLink(file);
    }
    if (!statement.leftOut(folder.relativize(file))) {
      throw new InvalidSignatureException(
          name + " was not signed; delete it, or sign the folder again");
    }
    if (!name.endsWith(MARKDOWN)) {
      throw new InvalidSignatureException(
          name
              + " was left out when the folder was signed, which only Markdown may be; delete it, or"
              + " sign the folder again with it");
    }
  }

  private static InvalidSignatureException unreadable(String name, IOException e) {
    return new InvalidSignatureException(
        name + " cannot be read; change its permissions, or copy it again", e);
  }
}
