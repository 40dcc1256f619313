package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glimpse.postprocess.Classification;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.VersionFolders;
import dev.glimpse.support.Configs;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Photos of the kinds that users have reported: the scores are those of Pillow's pixels. */
class ReportedImagesTest {

  private static final String MODEL = "models/mobilenet-v2";

  /** One photo, which the second and the third turn. */
  @ParameterizedTest
  @EnabledIfExternalData({"cases/pictures", MODEL})
  @CsvSource({"plain.jpg, 0.7843", "o-long-LE.jpg, 0.1230", "o-2seg-6-1.jpg, 0.1230"})
  void isTurnedAsItsExifSays(String file, float score) {
    Classification best = best(file);
    assertThat(best.index()).isEqualTo(5);
    assertThat(best.score()).isCloseTo(score, offset(0.005f));
  }

  private static Classification best(String file) {
    ModelFolder folder = VersionFolders.highest(Fixtures.asset(MODEL));
    byte[] photo = Fixtures.bytes(Fixtures.asset("cases/pictures/" + file));
    return ModelCheck.of(folder, photo, Configs.defaults()).answer().orElseThrow().best().get(0);
  }
}
