package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.recipe.Fact;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.signing.ModelVerification;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Holds what was found out about a model's signature.
 *
 * @param words by whom it is signed, or that it is not, or that this is not known
 * @param problem why the service would not load it; empty if it would
 * @param signed whether there is a signature at all
 */
record SignatureCheck(String words, Optional<String> problem, boolean signed) {

  private static final String NOT_SIGNED = "not signed";
  private static final String NOT_VERIFIED = "not verified";

  /** Verifies a model's signature where the settings want that, which reads all of its files. */
  static SignatureCheck of(ModelFolder folder, GlimpseConfig config) {
    boolean signed = ModelVerification.isSigned(folder);
    Optional<Path> keys = config.models().verify();
    if (keys.isEmpty()) {
      return new SignatureCheck(signed ? NOT_VERIFIED : NOT_SIGNED, Optional.empty(), signed);
    }
    try {
      return new SignatureCheck(
          "by " + new ModelVerification(keys.get()).signer(folder), Optional.empty(), signed);
    } catch (UnservableModelException e) {
      return new SignatureCheck(
          signed ? "invalid" : NOT_SIGNED, Optional.of(String.valueOf(e.getMessage())), signed);
    }
  }

  /** Describes the signature, if there is one. */
  Optional<Fact> fact() {
    return signed
        ? Optional.of(new Fact("signed", words, ModelVerification.FILE))
        : Optional.empty();
  }
}
