package dev.glimpse.support;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Issues tokens, and forges them as attackers do. */
public final class Issuer {

  public static final String NAME = "https://issuer.test";
  public static final String AUDIENCE = "glimpse";

  private final PublicJsonWebKey rsa;
  private final PublicJsonWebKey ec;
  private final PublicJsonWebKey okp;
  private final PublicJsonWebKey stranger;

  public Issuer() {
    try {
      rsa = named(RsaJwkGenerator.generateJwk(2048), "rsa");
      ec = named(EcJwkGenerator.generateJwk(EllipticCurves.P256), "ec");
      okp = named(OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519), "okp");
      stranger = named(RsaJwkGenerator.generateJwk(2048), "rsa");
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PublicJsonWebKey named(PublicJsonWebKey key, String id) {
    key.setKeyId(id);
    return key;
  }

  /** The settings of a service that takes this issuer's tokens. */
  public static Map<String, String> settings(String keys) {
    return Map.of(
        "glimpse.auth.jwt.keys", keys,
        "glimpse.auth.jwt.issuer", NAME,
        "glimpse.auth.jwt.audience", AUDIENCE);
  }

  /** The public keys, as a JSON Web Key Set. */
  public String keySet() {
    return List.of(rsa, ec, okp).stream()
        .map(key -> key.toJson(OutputControlLevel.PUBLIC_ONLY))
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  /** The claims of a token that counts, for ten minutes; its roles are none. */
  public static Map<String, Object> claims() {
    return Map.of(
        "iss",
        NAME,
        "aud",
        AUDIENCE,
        "sub",
        "alice",
        "exp",
        System.currentTimeMillis() / 1000 + 600);
  }

  /** A token that counts, with further claims or others in place of the usual ones. */
  public String token(Map<String, Object> changed) {
    Map<String, Object> claims = new HashMap<>(claims());
    claims.putAll(changed);
    return signed(AlgorithmIdentifiers.RSA_USING_SHA256, claims);
  }

  public String signed(String algorithm, Map<String, Object> claims) {
    PublicJsonWebKey key = algorithm.startsWith("ES") ? ec : algorithm.equals("EdDSA") ? okp : rsa;
    return signed(key, algorithm, claims);
  }

  private static String signed(PublicJsonWebKey key, String algorithm, Map<String, Object> claims) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmHeaderValue(algorithm);
    signature.setKey(key.getPrivateKey());
    signature.setKeyIdHeaderValue(key.getKeyId());
    signature.setPayload(JsonUtil.toJson(claims));
    return compact(signature);
  }

  private static String compact(JsonWebSignature signature) {
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tokens that claim all that a good one claims, and an administrator's role. */
  public List<String> forgeries() {
    Map<String, Object> claims = new HashMap<>(claims());
    claims.put("scope", "admin predict observe");
    String json = JsonUtil.toJson(claims);
    String good = token(Map.of("scope", "predict"));
    String[] parts = good.split("\\.");
    JsonWebSignature embedded = new JsonWebSignature();
    embedded.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    embedded.setKey(stranger.getPrivateKey());
    embedded.setJwkHeader((org.jose4j.jwk.RsaJsonWebKey) stranger);
    embedded.setPayload(json);
    return List.of(
        signed(stranger, AlgorithmIdentifiers.RSA_USING_SHA256, claims),
        hmac(rsa.getPublicKey().getEncoded(), json),
        hmac(pem(rsa).getBytes(StandardCharsets.UTF_8), json),
        hmac(rsa.toJson(OutputControlLevel.PUBLIC_ONLY).getBytes(StandardCharsets.UTF_8), json),
        hmac(new byte[32], json),
        base64("{\"alg\":\"none\"}") + "." + base64(json) + ".",
        base64("{\"alg\":\"None\"}") + "." + base64(json) + "." + parts[2],
        base64("{\"alg\":\"nOnE\",\"kid\":\"rsa\"}") + "." + base64(json) + ".",
        parts[0] + "." + base64(json) + "." + parts[2],
        parts[0] + "." + parts[1] + ".",
        parts[0] + "." + parts[1] + "." + parts[2].substring(0, parts[2].length() - 4) + "AAAA",
        base64("{\"alg\":\"ES256\",\"kid\":\"ec\"}") + "." + base64(json) + "." + zeros(64),
        base64("{\"alg\":\"RS256\",\"kid\":\"ec\"}") + "." + base64(json) + "." + parts[2],
        base64("{\"alg\":\"RS256\",\"kid\":\"../../dev/null\"}")
            + "."
            + base64(json)
            + "."
            + zeros(256),
        base64("{\"alg\":\"RS256\",\"kid\":\"rsa\",\"crit\":[\"exp\"]}")
            + "."
            + base64(json)
            + "."
            + parts[2],
        compact(embedded));
  }

  private static String hmac(byte[] secret, String json) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    signature.setKey(new HmacKey(secret));
    signature.setDoKeyValidation(false);
    signature.setKeyIdHeaderValue("rsa");
    signature.setPayload(json);
    return compact(signature);
  }

  private static String pem(PublicJsonWebKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(key.getPublicKey().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static String zeros(int length) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[length]);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
