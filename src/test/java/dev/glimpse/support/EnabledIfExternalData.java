package dev.glimpse.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips a test, as one and not once per row, where real models, photos or other decoders' test
 * images are missing. {@code src/test/golden/EXTERNAL-DATA.md} says where they come from.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ExternalDataCondition.class)
public @interface EnabledIfExternalData {

  /** The files or folders that have to exist. */
  String[] value();
}
