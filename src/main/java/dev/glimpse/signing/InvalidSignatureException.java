package dev.glimpse.signing;

/** Says, as part of a sentence about a model's folder, why it is not trusted, and what to do. */
final class InvalidSignatureException extends RuntimeException {

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
