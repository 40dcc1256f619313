package dev.glimpse.model;

import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.recipe.ClassNames;
import dev.glimpse.recipe.GraphSignatureCheck;
import dev.glimpse.recipe.InputSignature;
import dev.glimpse.recipe.OnnxMetadataConfig;
import dev.glimpse.recipe.Recipe;
import dev.glimpse.repository.ModelFolder;

/**
 * Holds what a classifier's files and its graph agree on.
 *
 * @param recipe preprocessing, from the files or from the graph's metadata
 * @param names the classes in the model's own language
 * @param labels the same with their translations
 * @param input checks and explains the graph's input
 * @param format layout, channels and type of the input tensor
 * @param size an image size that the graph accepts, in pixels
 * @param preprocessor turns pixels into the input tensor
 */
record ClassifierSpec(
    Recipe recipe,
    ClassNames names,
    Labels labels,
    InputSignature input,
    TensorFormat format,
    Size size,
    Preprocessor preprocessor) {

  /**
   * Matches the files with the graph.
   *
   * @throws UnservableModelException if they contradict each other
   */
  static ClassifierSpec match(ModelFiles files, Session session) {
    ModelFolder folder = files.folder();
    GraphSignatureCheck.singleInput(folder, session.inputs());
    Recipe recipe = files.recipe().orElseGet(() -> OnnxMetadataConfig.read(folder, session));
    ClassNames names = files.config().names(folder, session.metadata());
    Labels labels = files.config().labels(folder, names);
    InputSignature input = new InputSignature(folder, session.input(), recipe);
    TensorFormat format = input.format();
    Size size = input.size(format.layout());
    GraphSignatureCheck.output(
        folder, session.output(), session.dequantization().isPresent(), names);
    return new ClassifierSpec(
        recipe, names, labels, input, format, size, new Preprocessor(recipe.steps(), format));
  }

  /** Returns whether no file says how images are preprocessed, so that ImageNet's values apply. */
  boolean usesDefaults() {
    return recipe.source().equals(OnnxMetadataConfig.DEFAULTS);
  }
}
