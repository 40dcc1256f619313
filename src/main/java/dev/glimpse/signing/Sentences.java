package dev.glimpse.signing;

/** Holds parts of sentences that several messages end with. */
final class Sentences {

  static final String SIGN_AGAIN = "; sign the folder again";

  private Sentences() {}
}
