package dev.glimpse.calibration;

/**
 * Holds the temperature that is kept, and why.
 *
 * @param value 1 unless it is {@link Choice#FITTED}
 */
public record Temperature(double value, Choice choice) {

  /** Says whether the best temperature is kept. */
  public enum Choice {
    /** It is the best of the fitted half, and lowers the log loss of the other, too. */
    FITTED,

    /** The best is at a bound, as where the fitted half has no mistakes: it would be 0. */
    AT_BOUND,

    /** The best does not lower the log loss of the other half. */
    NO_HELP
  }

  private static final double NEAR = 1.001;

  /** Leaves scores as they are. */
  static Temperature unchanged(Choice choice) {
    return new Temperature(1, choice);
  }

  /** Returns whether a fit has ended at one of its bounds. */
  static boolean isAtBound(double fitted) {
    return fitted <= TemperatureFit.LEAST * NEAR || fitted >= TemperatureFit.MOST / NEAR;
  }
}
