package dev.glimpse.pull;

/** A model cannot be fetched; the message says why, in sentences for whoever asked for it. */
public final class FetchException extends RuntimeException {

  FetchException(String sentence) {
    super(sentence);
  }

  FetchException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
