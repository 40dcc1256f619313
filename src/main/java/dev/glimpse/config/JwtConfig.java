package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/** Signed tokens of an issuer, as OAuth 2 and OpenID Connect use them. */
public interface JwtConfig {

  /**
   * The issuer's public keys, as a JSON Web Key Set: an {@code https://} address, fetched when the
   * first token comes, or the path of a file, read again when it changes. Default: no tokens.
   */
  Optional<String> keys();

  /** The claim {@code iss} that tokens must have, exactly. Needed with {@link #keys}. */
  Optional<String> issuer();

  /** One of the values of the claim {@code aud} that tokens must have. Needed with keys. */
  Optional<String> audience();

  /**
   * The claim that holds a caller's roles, as a list or as words; dots lead into objects, as in
   * {@code realm_access.roles}.
   */
  @WithDefault("scope")
  @Pattern(
      regexp = "[^.]+(\\.[^.]+)*",
      message = "must be the name of a claim; dots lead into objects")
  String rolesClaim();

  /**
   * What roles begin with, where an issuer's roles are for several services: with {@code glimpse:},
   * {@code glimpse:predict} is the role {@code predict}. Default: nothing.
   */
  Optional<String> rolesPrefix();
}
