import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Measures the highest rate that this machine can reach for the work: one thread per CPU decodes a
 * photo with TurboJPEG and runs the model on a prepared tensor, with one intra-op thread that does
 * not spin. There is no HTTP, resizing or response, and every buffer is allocated before.
 *
 * <p>java -cp "target/quarkus-app/lib/main/*" bench/Limit.java MODEL.onnx SECONDS [PHOTO
 * EIGHTHS]...
 *
 * <p>PHOTO may be a folder, of which each thread takes the JPEGs in turn.
 *
 * <p>Prints a line for the model alone, and one for each photo, decoded at so many eighths of its
 * size: what was measured, EIGHTHS, and images per second. 8 is the whole size, as with {@code
 * glimpse.image.decode=exact}.
 */
public class Limit {

  /** The flags that the service uses: {@code TJPF_RGB} and {@code TJFLAG_LIMITSCANS}. */
  private static final int RGB = 0;

  private static final int FLAGS = 32768;

  static native Pointer tjInitDecompress();

  static native int tjDecompressHeader3(
      Pointer handle,
      Pointer jpeg,
      long size,
      IntByReference width,
      IntByReference height,
      IntByReference subsampling,
      IntByReference colourspace);

  static native int tjDecompress2(
      Pointer handle,
      Pointer jpeg,
      long size,
      Pointer pixels,
      int width,
      int pitch,
      int height,
      int format,
      int flags);

  static native int tjDestroy(Pointer handle);

  public static void main(String[] args) throws Exception {
    bind();
    int seconds = Integer.parseInt(args[1]);
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      try (OrtSession session = env.createSession(args[0], options)) {
        measure(env, session, null, 8, Math.min(2, seconds));
        System.out.printf("inference 0 %.2f%n", measure(env, session, null, 8, seconds));
        for (int i = 2; i + 1 < args.length; i += 2) {
          List<byte[]> photo = photos(Path.of(args[i]));
          int eighths = Integer.parseInt(args[i + 1]);
          measure(env, session, photo, eighths, 1);
          double rate = measure(env, session, photo, eighths, seconds);
          System.out.printf("decode+inference %d %.2f%n", eighths, rate);
        }
      }
    }
  }

  private static List<byte[]> photos(Path path) throws Exception {
    List<byte[]> photos = new ArrayList<>();
    try (Stream<Path> files = Files.isDirectory(path) ? Files.list(path) : Stream.of(path)) {
      for (Path file : files.filter(f -> Files.isRegularFile(f)).sorted().toList()) {
        photos.add(Files.readAllBytes(file));
      }
    }
    return photos;
  }

  /** The second is the only name in Debian's package of the library without headers. */
  private static void bind() {
    try {
      Native.register(Limit.class, NativeLibrary.getInstance("turbojpeg"));
    } catch (UnsatisfiedLinkError e) {
      Native.register(Limit.class, NativeLibrary.getInstance("libturbojpeg.so.0"));
    }
  }

  /** Runs for {@code seconds} on all CPUs; {@code photo} is null for the model alone. */
  private static double measure(
      OrtEnvironment env, OrtSession session, List<byte[]> photo, int eighths, int seconds)
      throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    Callable<Integer> loop = () -> loop(env, session, photo, eighths, end);
    var pool = Executors.newFixedThreadPool(threads);
    long started = System.nanoTime();
    int done = 0;
    for (Future<Integer> part :
        pool.invokeAll(Stream.generate(() -> loop).limit(threads).toList())) {
      done += part.get();
    }
    pool.shutdown();
    return done / ((System.nanoTime() - started) / 1e9);
  }

  private static int loop(
      OrtEnvironment env, OrtSession session, List<byte[]> photo, int eighths, long end)
      throws Exception {
    List<Jpeg> jpegs = new ArrayList<>();
    for (byte[] file : photo == null ? List.<byte[]>of() : photo) {
      jpegs.add(new Jpeg(file, eighths));
    }
    String input = session.getInputNames().iterator().next();
    long[] shape = ((TensorInfo) session.getInputInfo().get(input).getInfo()).getShape().clone();
    shape[0] = 1;
    int size = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    var buffer = ByteBuffer.allocateDirect(size * 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
    int done = 0;
    try (OnnxTensor tensor = OnnxTensor.createTensor(env, buffer, shape)) {
      for (; System.nanoTime() < end; done++) {
        if (!jpegs.isEmpty()) {
          jpegs.get(done % jpegs.size()).decode();
        }
        session.run(Map.of(input, tensor)).close();
      }
    }
    jpegs.forEach(jpeg -> tjDestroy(jpeg.handle));
    return done;
  }

  /** Holds a photo in native memory, and a buffer for its pixels; for one thread. */
  private static final class Jpeg {

    private final Pointer handle = tjInitDecompress();
    private final Memory file;
    private final Memory pixels;
    private final int width;
    private final int height;

    Jpeg(byte[] bytes, int eighths) {
      file = new Memory(bytes.length);
      file.write(0, bytes, 0, bytes.length);
      IntByReference wide = new IntByReference();
      IntByReference high = new IntByReference();
      IntByReference unused = new IntByReference();
      tjDecompressHeader3(handle, file, file.size(), wide, high, unused, unused);
      // Rounded up, as in the library.
      width = (wide.getValue() * eighths + 7) / 8;
      height = (high.getValue() * eighths + 7) / 8;
      pixels = new Memory(3L * width * height);
    }

    void decode() {
      if (tjDecompress2(handle, file, file.size(), pixels, width, 0, height, RGB, FLAGS) != 0) {
        throw new IllegalStateException("the photo is no JPEG, or is truncated");
      }
    }
  }
}
