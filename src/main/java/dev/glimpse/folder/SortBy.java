package dev.glimpse.folder;

/** Says how an image is put into its class's folder. */
public enum SortBy {
  /** As a copy with the same times and permissions. */
  COPY,
  /** As a symbolic link to the file's absolute path. */
  LINK,
  /** Out of the folder where it was. */
  MOVE
}
