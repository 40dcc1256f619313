package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.model.GoldenImages;
import dev.glimpse.model.ImageInference;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.recipe.Fact;
import dev.glimpse.repository.Checksums;
import dev.glimpse.repository.ModelFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds what was found by loading a model as the service does and classifying an image with it.
 *
 * @param folder the model's folder
 * @param facts what was understood of its files
 * @param answer the image's classification; empty if the model takes tensors only
 * @param loadMillis how long loading took, including the warm-up
 */
record ModelCheck(ModelFolder folder, List<Fact> facts, Optional<Answer> answer, long loadMillis) {

  /**
   * Holds the classification of an image.
   *
   * @param labels the model's classes
   * @param best the classes with the highest scores, in the model's own language
   * @param millis how long it took, including decoding
   */
  record Answer(Labels labels, List<Classification> best, long millis) {}

  /**
   * Loads a model, and classifies an image with it if it is an image classifier.
   *
   * @param image an image file's bytes
   * @throws dev.glimpse.failure.UnservableModelException if the model cannot be served, a file is
   *     not what its checksum says, or a golden image is classified otherwise
   * @throws dev.glimpse.failure.ServingException if the image cannot be read
   * @throws dev.glimpse.engine.EngineException if the graph fails on the image
   */
  static ModelCheck of(ModelFolder folder, byte[] image, GlimpseConfig config) {
    long started = System.nanoTime();
    try (StandaloneLoader loading = new StandaloneLoader(config);
        Model model = loading.loader().load(folder)) {
      long loaded = System.nanoTime();
      ImageInference inference = new ImageInference(new ImageDecoder(config, ImageCodecs.all()));
      Optional<Answer> answer =
          model
              .classificationTask()
              .map(task -> {
                List<Classification> best = inference.classify(model, image);
                return new Answer(task.labels(), best, (System.nanoTime() - loaded) / 1_000_000);
              });
      List<Fact> facts = new ArrayList<>(model.facts().get());
      SignatureCheck.of(folder, config).fact().ifPresent(facts::add);
      proof(facts, "checksums", Checksums.verify(folder), "as they should be", Checksums.FILE);
      int golden = new GoldenImages(inference).verify(folder, model);
      proof(facts, "golden", golden, "known", GoldenImages.FOLDER + "/");
      return new ModelCheck(folder, facts, answer, (loaded - started) / 1_000_000);
    }
  }

  private static void proof(List<Fact> facts, String name, int count, String how, String source) {
    if (count > 0) {
      facts.add(new Fact(name, count + " " + how, source));
    }
  }
}
