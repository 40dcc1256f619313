package dev.glimpse.api.predict;

import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.util.Set;

/** Validates what was parsed from a body, as Quarkus validates a method's parameters. */
@Singleton
public class BodyValidator {

  private final Validator validator;

  BodyValidator(Validator validator) {
    this.validator = validator;
  }

  /**
   * Returns the value if it keeps its constraints.
   *
   * @throws ConstraintViolationException if it does not
   */
  public <T> T valid(T value) {
    Set<ConstraintViolation<T>> violations = validator.validate(value);
    if (!violations.isEmpty()) {
      throw new ConstraintViolationException(violations);
    }
    return value;
  }
}
