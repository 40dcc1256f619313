package dev.glimpse.recipe;

import dev.glimpse.preprocess.Centre;
import dev.glimpse.preprocess.Preprocessing.Crop;
import dev.glimpse.preprocess.Preprocessing.Exactly;
import dev.glimpse.preprocess.Preprocessing.Part;
import dev.glimpse.preprocess.Preprocessing.ShortestEdge;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessing.Target;
import dev.glimpse.repository.JsonFile;
import java.util.Optional;

/**
 * Interprets {@code size} and {@code crop_pct} as ConvNeXT's image processor does: small sizes are
 * reached by scaling to a larger size and cropping, large ones by scaling only.
 */
final class ConvNextConfig implements SizeSteps {

  /** From this side on, images are scaled to their size and not cropped. */
  private static final int UNCROPPED = 384;

  private final int edge;
  private final Centre centre;
  private final double share;

  ConvNextConfig(JsonFile file, Centre centre) {
    this.centre = centre;
    this.edge = file.positiveInt(file.require("size").isNumber() ? "size" : "size.shortest_edge");
    this.share = CropShare.read(file);
  }

  @Override
  public Optional<Part> part() {
    return Optional.empty();
  }

  @Override
  public Target target() {
    return edge < UNCROPPED
        ? new ShortestEdge((int) (edge / share))
        : new Exactly(new Size(edge, edge));
  }

  @Override
  public Optional<Crop> crop() {
    return edge < UNCROPPED
        ? Optional.of(new Crop(new Size(edge, edge), centre))
        : Optional.empty();
  }

  @Override
  public String[] keys() {
    return new String[] {"size", CropShare.KEY};
  }

  @Override
  public String[] cropKeys() {
    return keys();
  }
}
