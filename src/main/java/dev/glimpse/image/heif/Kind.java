package dev.glimpse.image.heif;

import java.util.Arrays;
import java.util.Optional;

/** Names the two ways to code the images of a file; the names are those of the formats. */
enum Kind {
  HEIC(1, "hvcC", "libheif-plugin-libde265", "hvc1", "hev1"),
  AVIF(4, "av1C", "libheif-plugin-dav1d", "av01");

  private final int number;
  private final String configuration;
  private final String plugin;

  @SuppressWarnings("ImmutableEnumChecker") // never modified
  private final String[] itemTypes;

  Kind(int number, String configuration, String plugin, String... itemTypes) {
    this.number = number;
    this.configuration = configuration;
    this.plugin = plugin;
    this.itemTypes = itemTypes;
  }

  /** Finds the kind of a coded image by its item's type. */
  static Optional<Kind> of(int itemType) {
    return Arrays.stream(values())
        .filter(kind -> Arrays.stream(kind.itemTypes).anyMatch(type -> Box.type(type) == itemType))
        .findFirst();
  }

  /** Returns its number in libheif, {@code heif_compression_format}. */
  int number() {
    return number;
  }

  /** Returns the type of an item's property that configures the decoder. */
  String configuration() {
    return configuration;
  }

  /** Names the package with a decoder, where libheif comes without one. */
  String plugin() {
    return plugin;
  }

  /** Returns the type of an item that libheif reads. */
  String itemType() {
    return itemTypes[0];
  }
}
