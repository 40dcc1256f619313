package dev.glimpse.pull;

/**
 * Reports that a model cannot be fetched. The message is for the user: full sentences that say why.
 */
public final class FetchException extends RuntimeException {

  FetchException(String sentence) {
    super(sentence);
  }

  FetchException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
