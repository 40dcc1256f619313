package dev.glimpse.redis;

/** Reports that a command has failed, with a reason for operators that holds no secret. */
final class RedisException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String NO_SCRIPT = "NOSCRIPT";

  /** The code that Redis has answered with; empty if it has not answered. */
  private final String code;

  /**
   * Reports a failure.
   *
   * @param reason a sentence without its subject, which is Redis: "does not answer"
   */
  RedisException(String reason) {
    this("", reason);
  }

  private RedisException(String code, String reason) {
    super(reason, null, false, false); // for a message: a stack would cost more than the command
    this.code = code;
  }

  /**
   * Reports an error that Redis has answered with. Its text is left out, but for the code that it
   * begins with: some errors repeat the command, and with that the password.
   */
  static RedisException answered(String error) {
    String code = error.split("[^A-Z]", 2)[0];
    String reason =
        switch (code) {
          case "OOM" -> "is full (OOM: its memory is at maxmemory, and it evicts nothing)";
          case "WRONGPASS", "NOAUTH" -> "refuses the user or the password (" + code + ")";
          case "NOPERM" -> "does not permit its user a command or a key (NOPERM)";
          case "READONLY" -> "is a replica, which cannot be written to (READONLY)";
          case "LOADING" -> "is still loading its data (LOADING)";
          case "MOVED", "ASK", "CLUSTERDOWN", "CROSSSLOT" ->
              "is a node of a cluster that does not hold the key (" + code + ")";
          case "" -> "answers with an error";
          default -> "answers with the error " + code;
        };
    return new RedisException(code, reason);
  }

  /** Returns whether Redis does not have the script of an EVALSHA. */
  boolean isNoScript() {
    return code.equals(NO_SCRIPT);
  }

  /** Returns the reason. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
