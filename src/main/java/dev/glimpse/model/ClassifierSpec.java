package dev.glimpse.model;

import dev.glimpse.config.PixelCode;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.recipe.GraphSignatureCheck;
import dev.glimpse.recipe.InputSignature;
import dev.glimpse.recipe.ModelConfig;
import dev.glimpse.recipe.OnnxMetadataConfig;
import dev.glimpse.recipe.Recipe;
import dev.glimpse.repository.ModelFolder;

/**
 * Holds what a classifier's files and its graph agree on.
 *
 * @param recipe preprocessing, from the files or from the graph's metadata
 * @param config labels and the kind of problem
 * @param input checks and explains the graph's input
 * @param format layout, channels and type of the input tensor
 * @param size an image size that the graph accepts, in pixels
 * @param preprocessor turns pixels into the input tensor
 */
record ClassifierSpec(
    Recipe recipe,
    ModelConfig config,
    InputSignature input,
    TensorFormat format,
    Size size,
    Preprocessor preprocessor) {

  /**
   * Matches the files with the graph.
   *
   * @param code what scales images
   * @throws UnservableModelException if they contradict each other
   */
  static ClassifierSpec match(ModelFiles files, Session session, PixelCode code) {
    ModelFolder folder = files.folder();
    GraphSignatureCheck.singleInput(folder, session.inputs());
    Recipe recipe = Recipe.read(folder).orElseGet(() -> OnnxMetadataConfig.read(folder, session));
    ModelConfig config = ModelConfig.read(folder);
    InputSignature input = new InputSignature(folder, session.input(), recipe);
    TensorFormat format = input.format();
    Size size = input.size(format.layout());
    config
        .known(session.metadata())
        .ifPresent(names ->
            GraphSignatureCheck.output(
                folder, session.output(), session.dequantization().isPresent(), names));
    return new ClassifierSpec(
        recipe, config, input, format, size, new Preprocessor(recipe.steps(), format, code));
  }

  /** Returns whether no file says how images are preprocessed, so that ImageNet's values apply. */
  boolean usesDefaults() {
    return recipe.source().equals(OnnxMetadataConfig.DEFAULTS);
  }
}
