package dev.glimpse.access;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a caller may do. */
public enum Role {
  /** Sends images and tensors, and reads what models there are. */
  PREDICT,
  /** Reads metrics and the state of the service. */
  OBSERVE,
  /** Changes which models are served; holds the other roles, too. */
  ADMIN;

  /** Returns the role with this name, in lower case; empty if no role has it. */
  public static Optional<Role> named(String name) {
    return Arrays.stream(values()).filter(role -> role.word().equals(name)).findFirst();
  }

  /** Returns the roles with these names, leaving out names of no role. */
  static Set<Role> named(List<String> names) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    names.forEach(name -> named(name).ifPresent(roles::add));
    return roles;
  }

  /** Returns its name as operators write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Lists all names, for messages. */
  public static String words() {
    return Arrays.stream(values()).map(Role::word).collect(Collectors.joining(", "));
  }
}
