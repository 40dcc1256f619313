package dev.glimpse.simulation;

import dev.glimpse.bytes.NativeBlock;
import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Orientation;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Signature;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Decodes the simulation's images in some milliseconds, and fails as an image's fate says. */
final class SimulatedCodec implements ImageCodec {

  static final int MOST_MEMORY = 1000;

  private static final int LEAST_MEMORY = 100;

  private final World world;
  private final boolean onHeap;

  /** The image that a thread has decoded last. */
  private final ThreadLocal<Integer> decoded = new ThreadLocal<>();

  SimulatedCodec(World world, boolean onHeap) {
    this.world = world;
    this.onHeap = onHeap;
  }

  @Override
  public boolean decodesOnHeap() {
    return onHeap;
  }

  /** Returns the number of the image that the calling thread has decoded last. */
  int decoded() {
    return decoded.get();
  }

  @Override
  public String name() {
    return "SIM";
  }

  @Override
  public boolean matches(ByteBuffer file) {
    return Signature.matches(file, 0, 'S', 'I', 'M');
  }

  @Override
  public ImageHeader header(ByteBuffer file) {
    return new ImageHeader(1, 1, Orientation.UPRIGHT);
  }

  @Override
  public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
    return LEAST_MEMORY + Images.number(file) * 37 % (MOST_MEMORY - LEAST_MEMORY);
  }

  @Override
  public long estimateNanos(ByteBuffer file, ImageHeader header, double scale) {
    int number = Images.number(file);
    boolean muchTooMuch = Images.isLong(number) && number % 2 == 0; // estimates may be wrong
    return TimeUnit.MILLISECONDS.toNanos(millis(number) * (muchTooMuch ? 10 : 1));
  }

  private static int millis(int number) {
    return Images.isLong(number) ? 30 : 3;
  }

  /** Returns pixels that cannot be read, so that the image leaves its batch. */
  private static Pixels unusable() {
    Pixels closed = new Pixels(1, 1, new byte[Pixels.SAMPLES]);
    closed.close();
    return closed;
  }

  @Override
  public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    int number = Images.number(file);
    decoded.set(number);
    NativeBlock block = memory.acquire(Pixels.SAMPLES);
    try {
      world.sleep(millis(number));
      switch (world.images().fate(number)) {
        case CORRUPT -> throw new UnreadableImage("it is simulated");
        case DECODER_RUNS_OUT_OF_MEMORY -> throw new OutOfMemoryError("simulated");
        case DECODER_OVERFLOWS_THE_STACK -> throw new StackOverflowError("simulated");
        default -> block.bytes(2).put(file.slice(3, 2));
      }
    } catch (UnreadableImage | RuntimeException | Error e) {
      memory.release(block);
      throw e;
    }
    if (world.images().fate(number) == Fate.PIXELS_CANNOT_BE_READ) {
      memory.release(block);
      return unusable();
    }
    return new Pixels(1, 1, block.bytes(Pixels.SAMPLES), () -> memory.release(block));
  }
}
