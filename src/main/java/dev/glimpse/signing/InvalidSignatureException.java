package dev.glimpse.signing;

/** Says, as part of a sentence about a model's folder, why it is not trusted, and what to do. */
final class InvalidSignatureException extends RuntimeException {

  /** What most messages end with. */
  static final String SIGN_AGAIN = "; sign the folder again";

  private static final long serialVersionUID = 1L;

  InvalidSignatureException(String what) {
    super(what);
  }

  InvalidSignatureException(String what, Throwable cause) {
    super(what, cause);
  }

  /** Returns what is wrong: no path of this machine, and no text of another program. */
  String what() {
    return String.valueOf(getMessage());
  }
}
