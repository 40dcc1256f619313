package dev.glimpse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** With what its own pom asks for, which is on the tests' class path. */
final class JavaClient implements GeneratedClient {

  private static final Pattern NEEDED =
      Pattern.compile(
          ".*/(jackson-(annotations|core|databind|datatype-jsr310)|jakarta\\.annotation-api"
              + "|http(client|core|mime)|commons-(codec|logging))-[0-9.]+\\.jar");

  private static final String CLASS_PATH =
      Pattern.compile(File.pathSeparator)
          .splitAsStream(System.getProperty("java.class.path"))
          .filter(jar -> NEEDED.matcher(jar).matches())
          .collect(Collectors.joining(File.pathSeparator));

  @Override
  public Program compile() throws Exception {
    Path client = Generator.generate("java");
    Path classes = Files.createDirectories(client.resolve("target/classes"));
    var javac = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-nowarn", "-cp", CLASS_PATH, "-d", classes.toString());
    try (var files = javac.getStandardFileManager(null, null, null);
        Stream<Path> generated = Files.walk(client.resolve("src/main/java"))) {
      Stream<Path> sources = generated.filter(file -> file.toString().endsWith(".java"));
      Stream<Path> all = Stream.concat(Stream.of(PROGRAMS.resolve("Classify.java")), sources);
      assertThat(
              javac
                  .getTask(
                      said,
                      files,
                      null,
                      options,
                      null,
                      files.getJavaFileObjectsFromPaths(all.toList()))
                  .call())
          .as(said::toString)
          .isTrue();
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = classes + File.pathSeparator + CLASS_PATH;
    return new Program(List.of(java, "-cp", classPath, "Classify"), Map.of());
  }

  @Override
  public String toString() {
    return "Java";
  }
}
