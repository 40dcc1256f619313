package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.support.Configs;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refuses HEIC files that lie, loop or demand much, soon and with little memory. */
class HostileHeifTest {

  private static final long MAX_PIXELS = 50_000_000;
  private static final long MAX_MILLIS = 1000;
  private static final long MAX_ALLOCATED = 48 << 20;

  private final ImageDecoder decoder =
      new ImageDecoder(
          Configs.of(Map.of("glimpse.image.max-pixels", "" + MAX_PIXELS)), ImageCodecs.all());

  @BeforeAll
  static void heicIsRead() {
    Assumptions.assumeTrue(ReadFormats.contain("HEIC"), "libheif is not installed");
  }

  @Test
  void fileThatTheOthersChangeIsDecoded() {
    assertThat(status(HeifFile.ofSize(64, 64).bytes())).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "32, 64, 422",
    "64, 65, 422",
    "0, 64, 422",
    "-1, -1, 422",
    "30000, 30000, 413",
    "65536, 64, 413",
    "2147483647, 2147483647, 413"
  })
  void sizeThatLies(int width, int height, int status) {
    assertThat(status(HeifFile.ofSize(width, height).bytes())).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "64, 64, 128, 128, 200",
    "64, 64, 65, 65, 200",
    "64, 64, 64, 64, 422",
    "64, 64, 129, 128, 422",
    "40000, 40000, 80000, 80000, 413",
    "2147483646, 2147483646, 2147483647, 2147483647, 413"
  })
  void gridOfFourTiles(int tileWidth, int tileHeight, int width, int height, int status) {
    HeifFile file =
        new HeifFile()
            .item("grid", HeifFile.grid(2, 2, width, height), HeifFile.size(width, height))
            .item(
                "hvc1",
                HeifFile.coded(),
                HeifFile.size(tileWidth, tileHeight),
                HeifFile.configuration())
            .reference("dimg", 1, 2, 2, 2, 2);

    assertThat(status(file.bytes())).isEqualTo(status);
  }

  /** The first is refused by its number of references, the second by its bytes per tile. */
  @ParameterizedTest
  @ValueSource(ints = {255, 100})
  void gridThatShowsOneTileThousandsOfTimes(int side) {
    int pixels = side * HeifFile.SIDE;
    int[] tiles = new int[side * side];
    Arrays.fill(tiles, 2);
    HeifFile file =
        new HeifFile()
            .item("grid", HeifFile.grid(side, side, pixels, pixels), HeifFile.size(pixels, pixels))
            .item("hvc1", HeifFile.coded(), HeifFile.size(64, 64), HeifFile.configuration())
            .reference("dimg", 1, tiles);

    assertThat(status(file.bytes())).isEqualTo(422);
  }

  @Test
  void itemsThatReferToThemselves() {
    byte[] size = HeifFile.size(64, 64);
    byte[] tile = HeifFile.grid(1, 1, 64, 64);
    byte[] configuration = HeifFile.configuration();
    List<HeifFile> files =
        List.of(
            new HeifFile().item("iden", new byte[1], size).reference("dimg", 1, 1),
            new HeifFile()
                .item("iden", new byte[1], size)
                .item("iden", new byte[1], size)
                .reference("dimg", 1, 2)
                .reference("dimg", 2, 1),
            new HeifFile().item("grid", tile, size).reference("dimg", 1, 1),
            new HeifFile()
                .item("grid", tile, size)
                .item("grid", tile, size)
                .reference("dimg", 1, 2)
                .reference("dimg", 2, 1),
            new HeifFile()
                .item("grid", tile, size)
                .item("hvc1", HeifFile.coded(), size, configuration)
                .item("grid", tile, size, HeifFile.full("auxC", 0, alphaType()))
                .reference("dimg", 1, 2)
                .reference("dimg", 3, 3)
                .reference("auxl", 3, 1));

    for (HeifFile file : files) {
      assertThat(status(file.bytes())).isIn(415, 422);
    }
    HeifFile ownAlpha =
        HeifFile.ofSize(64, 64).item("hvc1", new byte[1], HeifFile.full("auxC", 0, alphaType()));
    assertThat(status(ownAlpha.reference("auxl", 2, 1, 2).bytes())).isEqualTo(422);
  }

  /** The box's length is replaced: of the whole box, of one inside, of one at the end. */
  @ParameterizedTest
  @ValueSource(strings = {"meta", "iinf", "infe", "iprp", "ipco", "hvcC", "iloc", "idat"})
  void boxesOfEverySize(String box) {
    byte[] file = HeifFile.ofSize(64, 64).bytes();
    int at = HeifFile.indexOf(file, box) - 4;
    for (int length : new int[] {0, 1, 2, 7, 8, 9, 0x7FFFFFFF, 0x80000000, -1}) {
      byte[] changed = file.clone();
      ByteBuffer.wrap(changed).putInt(at, length);

      assertThat(status(changed)).as("%s of %d bytes", box, length).isIn(200, 415, 422);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, -1", "-1, 1", "2147483647, 10", "0, 100000", "100000, 10", "10, 0"})
  void dataOutsideOfTheFile(int offset, int length) {
    byte[] place = HeifFile.all(HeifFile.number(offset, 4), HeifFile.number(length, 4));
    HeifFile file =
        new HeifFile().itemAt("hvc1", place, HeifFile.size(64, 64), HeifFile.configuration());

    assertThat(status(file.bytes())).isEqualTo(422);
  }

  @Test
  void truncatedAnywhere() {
    byte[] file =
        new HeifFile()
            .item("grid", HeifFile.grid(2, 1, 128, 64), HeifFile.size(128, 64))
            .item("hvc1", HeifFile.coded(), HeifFile.size(64, 64), HeifFile.configuration())
            .item("hvc1", HeifFile.coded(), HeifFile.size(64, 64), HeifFile.configuration())
            .reference("dimg", 1, 2, 3)
            .bytes();
    assertThat(status(file)).isEqualTo(200);
    for (int length = 1; length < file.length; length += 3) {
      assertThat(status(Arrays.copyOf(file, length))).as("%d bytes", length).isIn(415, 422);
    }
  }

  /** Each would take more memory as an object than it has bytes. */
  @ParameterizedTest
  @ValueSource(strings = {"infe", "dimg", "auxl", "free"})
  void millionsOfBoxes(String type) {
    byte[] one = HeifFile.box(type, new byte[12]);
    byte[] boxes = HeifFile.all(Collections.nCopies(500_000, one));
    String parent = type.equals("infe") ? "iinf" : type.equals("free") ? "ipco" : "iref";
    byte[] file = HeifFile.ofSize(64, 64).bytes();

    assertThat(status(grown(file, parent, boxes))).isEqualTo(422);
  }

  /** Few boxes with as many references as they can hold. */
  @Test
  void millionsOfReferences() {
    HeifFile file = HeifFile.ofSize(64, 64);
    int[] to = new int[9_999];
    Arrays.fill(to, 1);
    for (int i = 0; i < 500; i++) {
      file.reference("auxl", 2, to);
    }

    assertThat(status(file.bytes())).isEqualTo(422);
  }

  /** Puts content at the end of a box of the box {@code meta}, and corrects both lengths. */
  private static byte[] grown(byte[] file, String box, byte[] content) {
    int at = HeifFile.indexOf(file, box) - 4;
    ByteBuffer in = ByteBuffer.wrap(file.clone());
    int end = at + in.getInt(at);
    in.putInt(at, in.getInt(at) + content.length);
    for (String outer : box.equals("ipco") ? List.of("meta", "iprp") : List.of("meta")) {
      int above = HeifFile.indexOf(file, outer) - 4;
      in.putInt(above, in.getInt(above) + content.length);
    }
    return HeifFile.all(
        Arrays.copyOf(in.array(), end), content, Arrays.copyOfRange(in.array(), end, file.length));
  }

  private static byte[] alphaType() {
    return HeifFile.text("urn:mpeg:hevc:2015:auxid:1\0");
  }

  private int status(byte[] file) {
    Trial trial = Trial.of(decoder, file);
    trial.assertHarmless("HEIC", MAX_PIXELS, MAX_MILLIS);
    assertThat(trial.allocated()).isLessThan(MAX_ALLOCATED);
    return trial.status();
  }
}
