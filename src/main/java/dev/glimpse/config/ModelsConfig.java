package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Which models are served, and from where. */
public interface ModelsConfig {

  /** The default of {@link #path}. */
  String DEFAULT_PATH = "models";

  /**
   * The model repository: a folder that holds one folder per model, {@code <name>/<version>/}.
   * Relative to the working directory.
   */
  @WithDefault(DEFAULT_PATH)
  Path path();

  /**
   * The name of the model where {@link #path} is a model's own folder, which holds its files or its
   * versions. Default: the folder's name. A platform that puts each model into a folder of the same
   * name, as KServe does, needs it.
   */
  Optional<
          @Pattern(
              regexp = ModelName.PATTERN,
              message = "must be the name of a model: " + ModelName.WORDS)
          String>
      name();

  /**
   * The model for requests that name none. Default: the only model that is served, if there is just
   * one; with several and no default, a request has to name its model.
   */
  @WithName("default")
  Optional<
          @Pattern(
              regexp = ModelName.PATTERN,
              message = "must be the name of a model in the repository")
          String>
      defaultName();

  /**
   * Inferences on noise that each model runs before the service is ready; from 2 on, one on an
   * image follows. Default: 3 on a JVM, 1 in a native executable, which has nothing to compile.
   * Raise it if the first responses are slower than the rest; lower it to start sooner.
   */
  @Min(1)
  @Max(1000)
  OptionalInt warmUp();

  /**
   * A PEM file with the public keys or the authorities' certificates by which each version of a
   * model has to be signed: a version without a valid signature of OpenSSF Model Signing in its
   * folder, as {@code model.sig}, is not loaded. Default: no signature is needed, and none is
   * verified.
   */
  Optional<Path> verify();

  /** The settings of one model, by its name. */
  @WithParentName
  Map<String, ServingConfig> byName();
}
