package dev.glimpse.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the packaged application, jar or native executable, as a separate process. */
public final class Service implements AutoCloseable {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:(\\d+)");

  /** Options for these short runs, which start faster without what speeds up long ones. */
  private static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Process process;
  private final int port;
  private final Path log;

  private Service(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /** Starts the service with these settings and waits until it is ready. */
  public static Service start(Map<String, String> settings) throws Exception {
    return start(settings, List.of());
  }

  /** Starts the service with these settings and options of a JVM, and waits until it is ready. */
  public static Service start(Map<String, String> settings, List<String> jvm) throws Exception {
    List<String> options = options(settings);
    options.addAll(jvm);
    return startCommand(command(options));
  }

  /** Starts the service within a limit of memory, and waits until it is ready. */
  public static Service start(Map<String, String> settings, List<String> jvm, MemoryLimit limit)
      throws Exception {
    List<String> options = options(settings);
    options.addAll(jvm);
    List<String> command = new ArrayList<>(limit.prefix());
    command.addAll(command(options));
    return startCommand(command);
  }

  /**
   * Starts the service where it may open few files, as after {@code ulimit -n}, and use little
   * memory.
   *
   * @param files beside those of the jar's class path, which a JVM keeps open: where an archive of
   *     classes was made, they are all libraries
   */
  public static Service startScarce(Map<String, String> settings, int files, String heap)
      throws Exception {
    List<String> options = options(settings);
    options.add(0, "-Xmx" + heap);
    int most = files;
    if (!isNative()) { // what it takes later is no heap
      most += classPath().size();
      options.addAll(0, List.of("-Xms" + heap, "-XX:+AlwaysPreTouch"));
    }
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "ulimit -n " + most + " && exec \"$0\" \"$@\""));
    command.addAll(command(options));
    return startCommand(command);
  }

  /**
   * Starts the classes that the native executable was built from, on this JVM, and waits until it
   * is ready.
   */
  static Service startTwin(Map<String, String> settings) throws Exception {
    String name = artifact().getProperty("path");
    Path jar =
        Path.of("target", name.replaceAll("-runner$", "-native-image-source-jar"), name + ".jar");
    return startCommand(onTheJvm(options(settings), jar));
  }

  private static List<String> options(Map<String, String> settings) {
    List<String> options = new ArrayList<>();
    settings.forEach((key, value) -> options.add("-D" + key + "=" + value));
    options.add("-Dquarkus.http.port=0"); // any free port, without a race for it
    options.add("-Dquarkus.log.category.\"io.quarkus\".level=INFO"); // which one, whatever else
    return options;
  }

  private static Service startCommand(List<String> command) throws Exception {
    Path log = Files.createTempFile(Path.of("target"), "service-", ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      String said =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8); // may end with half a line
      Matcher listening = LISTENING.matcher(said);
      if (listening.find()) {
        Service service = new Service(process, Integer.parseInt(listening.group(1)), log);
        int status = service.status("/q/health/ready");
        if (status == 200 || status == 301) { // to the port that speaks TLS
          return service;
        }
      }
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IllegalStateException("It did not start: " + said);
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public String log() throws IOException {
    return Files.readString(log);
  }

  /** Returns the status of a GET, or −1 if there is no response. */
  public int status(String path) throws InterruptedException {
    try {
      return CLIENT
          .send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    } catch (IOException e) {
      return -1;
    }
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Waits until the process has ended. */
  public boolean ended(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  /** Returns whether the process has not ended. */
  public boolean lives() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /**
   * Returns the command that starts the jar on this JVM or the native executable, whichever was
   * packaged.
   */
  public static List<String> command(List<String> options) throws IOException {
    Path file = Path.of("target").resolve(artifact().getProperty("path"));
    if (!isNative()) {
      return onTheJvm(options, file);
    }
    List<String> command = new ArrayList<>(List.of(file.toString()));
    command.addAll(options);
    return command;
  }

  private static List<String> classPath() throws IOException {
    Path file = Path.of("target").resolve(artifact().getProperty("path"));
    try (JarFile jar = new JarFile(file.toFile())) {
      String paths = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return paths == null ? List.of() : List.of(paths.trim().split(" +"));
    }
  }

  /** Tells whether a native executable was packaged. */
  public static boolean isNative() throws IOException {
    return artifact().getProperty("type").contains("native");
  }

  private static List<String> onTheJvm(List<String> options, Path jar) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(QUICK_START);
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString()));
    return command;
  }

  private static Properties artifact() throws IOException {
    Properties artifact = new Properties();
    try (InputStream in = Files.newInputStream(Path.of("target/quarkus-artifact.properties"))) {
      artifact.load(in);
    }
    return artifact;
  }
}
