package dev.glimpse.clients;

import dev.glimpse.support.Command;
import dev.glimpse.support.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** With tsc at its strictest. */
final class TypeScriptClient implements GeneratedClient {

  @Override
  public Program compile() throws Exception {
    Node node = Node.with(PROGRAMS);
    Path client = Generator.generate("typescript-fetch");
    Path program = client.resolveSibling("classify.ts");
    Files.copy(PROGRAMS.resolve("classify.ts"), program, StandardCopyOption.REPLACE_EXISTING);
    Path compiled = client.resolveSibling("typescript-compiled");
    GeneratedClient.good(
        Command.run(
            "node",
            node.file("typescript/bin/tsc"),
            "--strict",
            "--target",
            "es2022",
            "--lib",
            "es2022,dom,dom.iterable",
            "--module",
            "commonjs",
            "--typeRoots",
            node.file("@types"),
            "--outDir",
            compiled.toString(),
            program.toString()));
    return new Program(List.of("node", compiled.resolve("classify.js").toString()), Map.of());
  }

  @Override
  public String toString() {
    return "TypeScript";
  }
}
