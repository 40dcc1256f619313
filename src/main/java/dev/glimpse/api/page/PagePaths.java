package dev.glimpse.api.page;

import java.util.Set;
import java.util.stream.Collectors;

/** Knows the addresses of the page's files. */
public final class PagePaths {

  static final String FOLDER = "/page/";

  private static final Set<String> FILES =
      PageFiles.NAMES.stream().map(FOLDER::concat).collect(Collectors.toUnmodifiableSet());

  private PagePaths() {}

  /**
   * Returns whether this is the path of one of the page's files; {@code /}, the page itself, is
   * not.
   */
  public static boolean isFile(String path) {
    return FILES.contains(path);
  }
}
