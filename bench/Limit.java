import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * What nobody can beat on this machine without changing the work: as many threads as CPUs that do
 * nothing but decode a photo with ImageIO and run the model on a tensor that is there already, with
 * one intra-op thread each. No HTTP, no resize, no answer.
 *
 * <p>java -cp "target/quarkus-app/lib/main/*" bench/Limit.java MODEL.onnx PHOTO.jpg SECONDS
 */
public class Limit {

  public static void main(String[] args) throws Exception {
    Path model = Path.of(args[0]);
    byte[] photo = Files.readAllBytes(Path.of(args[1]));
    int seconds = Integer.parseInt(args[2]);
    ImageIO.setUseCache(false);
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      try (OrtSession session = env.createSession(model.toString(), options)) {
        measure(env, session, photo, false, 3);
        measure(env, session, photo, true, 3);
        System.out.printf("inference %.1f%n", measure(env, session, photo, false, seconds));
        System.out.printf("decode+inference %.1f%n", measure(env, session, photo, true, seconds));
      }
    }
  }

  private static double measure(
      OrtEnvironment env, OrtSession session, byte[] photo, boolean decode, int seconds)
      throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    Callable<Integer> loop =
        () -> {
          String input = session.getInputNames().iterator().next();
          long[] shape =
              ((TensorInfo) session.getInputInfo().get(input).getInfo()).getShape().clone();
          shape[0] = 1;
          int size = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
          FloatBuffer buffer =
              ByteBuffer.allocateDirect(size * 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
          int done = 0;
          try (OnnxTensor tensor = OnnxTensor.createTensor(env, buffer, shape)) {
            for (; System.nanoTime() < end; done++) {
              if (decode && ImageIO.read(new ByteArrayInputStream(photo)) == null) {
                throw new IllegalStateException("not a picture");
              }
              session.run(Map.of(input, tensor)).close();
            }
          }
          return done;
        };
    var pool = Executors.newFixedThreadPool(threads);
    long started = System.nanoTime();
    int done = 0;
    for (Future<Integer> part : pool.invokeAll(Stream.generate(() -> loop).limit(threads).toList())) {
      done += part.get();
    }
    pool.shutdown();
    return done / ((System.nanoTime() - started) / 1e9);
  }
}
