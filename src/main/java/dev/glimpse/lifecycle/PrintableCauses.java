package dev.glimpse.lifecycle;

import dev.glimpse.failure.Printable;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes the messages of logged exceptions {@linkplain Printable printable}, whichever code threw
 * them: they may repeat a file's name or what a client sent.
 */
final class PrintableCauses implements Filter {

  /** Causes that are copied; a chain may be circular. */
  private static final int DEEPEST = 20;

  @Override
  public boolean isLoggable(LogRecord line) {
    Throwable thrown = line.getThrown();
    if (thrown != null && !isPrintable(thrown, 0)) {
      line.setThrown(Copy.of(thrown, 0));
    }
    return true;
  }

  private static boolean isPrintable(@Nullable Throwable thrown, int depth) {
    if (thrown == null || depth == DEEPEST) {
      return true;
    }
    String text = thrown.toString();
    if (!text.equals(Printable.of(text))) {
      return false;
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      if (!isPrintable(suppressed, depth + 1)) {
        return false;
      }
    }
    return isPrintable(thrown.getCause(), depth + 1);
  }

  /** Looks in the log like the exception that it was made of, the name of its class included. */
  @SuppressWarnings("OverrideThrowableToString")
  private static final class Copy extends Throwable {

    private static final long serialVersionUID = 1L;

    private final String text;

    private Copy(String text, @Nullable Throwable cause) {
      super(text, cause);
      this.text = text;
    }

    private static @Nullable Copy of(@Nullable Throwable thrown, int depth) {
      if (thrown == null || depth == DEEPEST) {
        return null;
      }
      Copy copy = new Copy(Printable.of(thrown.toString()), of(thrown.getCause(), depth + 1));
      copy.setStackTrace(thrown.getStackTrace());
      for (Throwable suppressed : thrown.getSuppressed()) {
        Copy inner = of(suppressed, depth + 1);
        if (inner != null) {
          copy.addSuppressed(inner);
        }
      }
      return copy;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
