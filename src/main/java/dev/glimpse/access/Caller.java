package dev.glimpse.access;

import java.util.Optional;
import java.util.Set;

/**
 * A client that has identified itself.
 *
 * @param name for logs and limits; several keys of one name share their rate
 * @param roles may be empty
 * @param rate how many requests the caller may send, if that differs from {@code glimpse.http.rate}
 */
public record Caller(String name, Set<Role> roles, Optional<Rate> rate) {

  /** The name of the caller that sends {@code glimpse.admin.token}. */
  static final String ADMIN_TOKEN = "admin-token";

  public Caller {
    roles = Set.copyOf(roles);
  }

  /** Returns whether the caller has a role; an administrator has all. */
  public boolean may(Role role) {
    return roles.contains(role) || roles.contains(Role.ADMIN);
  }
}
