package dev.glimpse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Command;
import dev.glimpse.support.Python;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the client needs is in the environment. */
final class PythonClient implements GeneratedClient {

  static Python python() throws Exception {
    return Python.with(PROGRAMS.resolve("requirements.txt"));
  }

  @Override
  public Program compile() throws Exception {
    Python python = python();
    Path client = Generator.generate("python");
    String requirements = client.resolve("requirements.txt").toString();
    String pip = python.program("pip");
    GeneratedClient.good(Command.run(pip, "install", "--no-index", "-q", "-r", requirements));
    String interpreter = python.program("python");
    GeneratedClient.good(Command.run(interpreter, "-m", "compileall", "-q", client.toString()));
    String flaws = Command.run(interpreter, "-m", "pyflakes", client.toString());
    assertThat(flaws).doesNotContain("undefined name"); // Python finds out when it gets there
    return new Program(
        List.of(interpreter, PROGRAMS.resolve("classify.py").toString()),
        Map.of("PYTHONPATH", client.toString()));
  }

  @Override
  public String toString() {
    return "Python";
  }
}
