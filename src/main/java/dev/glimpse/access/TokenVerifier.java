package dev.glimpse.access;

import dev.glimpse.config.JwtConfig;
import dev.glimpse.failure.Causes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signed tokens (<a href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519</a>) by their
 * issuer's public keys. Only asymmetric signatures count: a token without a signature, or with one
 * by a shared secret, is rejected, whatever it says about itself. For many threads at once.
 */
final class TokenVerifier {

  private static final int CLOCK_SKEW_SECONDS = 30;
  private static final int LONGEST_NAME = 128;
  private static final int RETRY_AFTER_SECONDS = 10;

  private static final String[] ALGORITHMS = {
    AlgorithmIdentifiers.RSA_USING_SHA256,
    AlgorithmIdentifiers.RSA_USING_SHA384,
    AlgorithmIdentifiers.RSA_USING_SHA512,
    AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
    AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
    AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
    AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
    AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
    AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
    AlgorithmIdentifiers.EDDSA
  };

  /** A sentence for one of {@link ErrorCodes}. */
  private record Reason(int code, String sentence) {}

  private static final List<Reason> REASONS =
      List.of(
          new Reason(ErrorCodes.EXPIRED, "The token has expired."),
          new Reason(ErrorCodes.NOT_YET_VALID, "The token is not valid yet."),
          new Reason(ErrorCodes.ISSUER_INVALID, "The token was issued by another issuer."),
          new Reason(ErrorCodes.ISSUER_MISSING, "The token names no issuer (iss)."),
          new Reason(ErrorCodes.AUDIENCE_INVALID, "The token was issued for another audience."),
          new Reason(ErrorCodes.AUDIENCE_MISSING, "The token names no audience (aud)."),
          new Reason(ErrorCodes.EXPIRATION_MISSING, "The token has no time of expiry (exp)."),
          new Reason(ErrorCodes.SUBJECT_MISSING, "The token names no subject (sub)."));

  private static final String INVALID =
      "The token's signature cannot be verified by a key of its issuer.";

  private final JwtConsumer consumer;
  private final List<String> rolesClaim;
  private final String rolesPrefix;

  /**
   * Prepares to verify tokens.
   *
   * @param config with an issuer and an audience
   */
  TokenVerifier(JwtConfig config, VerificationKeyResolver keys) {
    this.consumer =
        new JwtConsumerBuilder()
            .setRequireExpirationTime()
            .setRequireSubject()
            .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
            .setExpectedIssuer(config.issuer().orElseThrow())
            .setExpectedAudience(config.audience().orElseThrow())
            .setJwsAlgorithmConstraints(ConstraintType.PERMIT, ALGORITHMS)
            .setVerificationKeyResolver(keys)
            .build();
    this.rolesClaim = List.of(config.rolesClaim().split("\\."));
    this.rolesPrefix = config.rolesPrefix().orElse("");
  }

  /** Returns whether a credential has the form of a signed token: three parts, the first JSON. */
  static boolean isToken(String credential) {
    return credential.startsWith("eyJ") && credential.chars().filter(c -> c == '.').count() == 2;
  }

  /**
   * Verifies a token. May block for seconds to fetch keys.
   *
   * @throws ServingException UNAUTHORIZED if the token does not count; NOT_READY if its issuer's
   *     keys cannot be fetched
   */
  Caller verify(String token) {
    try {
      JwtClaims claims = consumer.processToClaims(token);
      return new Caller(name(claims.getSubject()), Role.named(roles(claims)), Optional.empty());
    } catch (InvalidJwtException e) {
      throw failure(e);
    } catch (MalformedClaimException e) {
      throw new ServingException(Failure.UNAUTHORIZED, INVALID, e);
    }
  }

  private static ServingException failure(InvalidJwtException e) {
    if (Causes.of(e).anyMatch(IOException.class::isInstance)) {
      return new ServingException(
          Failure.NOT_READY,
          "The token cannot be verified now, as its issuer's keys cannot be fetched; try again.",
          RETRY_AFTER_SECONDS);
    }
    return new ServingException(
        Failure.UNAUTHORIZED,
        REASONS.stream()
            .filter(reason -> e.hasErrorCode(reason.code()))
            .map(Reason::sentence)
            .findFirst()
            .orElse(INVALID),
        e);
  }

  private static String name(String subject) {
    return subject.length() <= LONGEST_NAME ? subject : subject.substring(0, LONGEST_NAME);
  }

  /** Returns the names of roles in a token, without the prefix of those meant for this service. */
  private List<String> roles(JwtClaims claims) {
    return words(claim(claims)).stream()
        .filter(word -> word.startsWith(rolesPrefix))
        .map(word -> word.substring(rolesPrefix.length()))
        .toList();
  }

  private @Nullable Object claim(JwtClaims claims) {
    Object value = claims.getClaimsMap();
    for (String step : rolesClaim) {
      value = value instanceof Map<?, ?> members ? members.get(step) : null;
    }
    return value;
  }

  /** A scope is one string with blanks (RFC 8693, section 4.2); others write a list. */
  private static List<String> words(@Nullable Object claim) {
    if (claim instanceof String scope) {
      return Arrays.asList(scope.split(" "));
    }
    return claim instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }
}
