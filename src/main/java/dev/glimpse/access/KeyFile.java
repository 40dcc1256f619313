package dev.glimpse.access;

import dev.glimpse.config.ReloadedFile.InvalidTextException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the file that {@code glimpse.auth.keys} names. Each line holds a name, the SHA-256 of a key
 * in hexadecimal, roles, and possibly a rate: {@code phone-app 5e884898… predict rate=10/s}.
 * Without a role, the key may predict. Empty lines, and what follows a {@code #}, are left out.
 */
final class KeyFile {

  /** The names that callers may have. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern BLANKS = Pattern.compile("[ \t\r]+");
  private static final String RATE = "rate=";

  private KeyFile() {}

  /**
   * Reads the text of a file.
   *
   * @throws InvalidTextException if a line is wrong
   */
  static KeyRing parse(String text) {
    List<KeyRing.Entry> entries = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).split("#", 2)[0].strip();
      if (!line.isEmpty()) {
        entries.add(entry(line, i + 1));
      }
    }
    return new KeyRing(entries);
  }

  private static KeyRing.Entry entry(String line, int number) {
    String[] words = BLANKS.split(line);
    if (!NAME.matcher(words[0]).matches()) {
      throw wrong(
          number,
          "the name must have 1 to 64 letters, digits, dots, hyphens, underscores or @, and begin"
              + " with a letter or digit");
    }
    if (words.length == 1 || !SHA256.matcher(words[1]).matches()) {
      throw wrong(number, "after the name comes the SHA-256 of the key, 64 hexadecimal digits");
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    Optional<Rate> rate = Optional.empty();
    for (String word : List.of(words).subList(2, words.length)) {
      if (word.startsWith(RATE)) {
        rate = Optional.of(rate(word.substring(RATE.length()), number));
      } else {
        roles.add(role(word, number));
      }
    }
    if (roles.isEmpty()) {
      roles.add(Role.PREDICT);
    }
    return new KeyRing.Entry(HexFormat.of().parseHex(words[1]), new Caller(words[0], roles, rate));
  }

  /** Names the line, and does not quote it: it may hold a key by mistake. */
  private static InvalidTextException wrong(int line, String what) {
    return new InvalidTextException("in line %d, %s".formatted(line, what));
  }

  private static Rate rate(String text, int line) {
    return Rate.parse(text)
        .orElseThrow(() ->
            wrong(
                line,
                "the rate must be a number of requests per s, m or h, such" + " as rate=10/s"));
  }

  private static Role role(String name, int line) {
    return Role.named(name)
        .orElseThrow(() ->
            wrong(line, "after the SHA-256 come roles (%s) and rate=…".formatted(Role.words())));
  }
}
