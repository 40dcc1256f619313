package dev.glimpse.deploy;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Command;
import dev.glimpse.support.GoProgram;
import dev.glimpse.support.GoTool;
import dev.glimpse.support.RealRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Kubernetes cluster on this machine: etcd, the API server, controllers and scheduler of
 * Kubernetes 1.34, with the custom resources that deploy/ has. Its one node is simulated by KWOK:
 * pods become ready, and no container runs.
 */
final class Cluster implements AutoCloseable {

  private static final Path MODULE = Path.of("src/test/clients/cluster");
  private static final String KUBECONFIG =
      """
      apiVersion: v1
      kind: Config
      clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
      users: [{name: u, user: {token: token-of-a-test}}]
      contexts: [{name: x, context: {cluster: c, user: u}}]
      current-context: x
      """;

  /** A node, and a volume that several nodes may write to. */
  private static final String PLACE =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: one, labels: {kubernetes.io/hostname: one, topology.kubernetes.io/zone: a}}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: one}
      spec:
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteMany]
        hostPath: {path: /none}
      """;

  private final Path folder;
  private final String program;
  private final List<Process> processes = new ArrayList<>();

  private Cluster(Path folder, String program) {
    this.folder = folder;
    this.program = program;
  }

  /** Compiles what it needs, which takes minutes the first time, and starts it. */
  static Cluster start(Path folder) throws Exception {
    Cluster cluster = new Cluster(folder, GoProgram.compile(MODULE));
    String kwok = GoTool.KWOK.program();
    try {
      cluster.startPlane();
      cluster.run(
          "kwok",
          kwok,
          "--kubeconfig=" + cluster.kubeconfig(),
          "--manage-all-nodes",
          "--server-address=127.0.0.1:" + RealRedis.freePort());
      Files.writeString(folder.resolve("place.yaml"), PLACE);
      cluster.kubectl("apply", "-f", folder.resolve("place.yaml").toString());
      for (Path file : CustomResources.files()) {
        cluster.kubectl("apply", "--server-side", "-f", file.toString());
      }
      cluster.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
      return cluster;
    } catch (Exception | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  private void startPlane() throws Exception {
    String etcd = "http://127.0.0.1:" + RealRedis.freePort();
    String peers = "http://127.0.0.1:" + RealRedis.freePort();
    int api = RealRedis.freePort();
    Files.writeString(kubeconfig(), KUBECONFIG.formatted(api));
    Files.writeString(folder.resolve("tokens.csv"), "token-of-a-test,admin,admin,system:masters\n");
    Command.run("openssl", "genrsa", "-out", folder.resolve("accounts.key").toString(), "2048");
    component(
        "etcd",
        "--data-dir=" + folder.resolve("etcd"),
        "--listen-client-urls=" + etcd,
        "--advertise-client-urls=" + etcd,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=default=" + peers,
        "--unsafe-no-fsync");
    component(
        "kube-apiserver",
        "--etcd-servers=" + etcd,
        "--bind-address=127.0.0.1",
        "--secure-port=" + api,
        "--cert-dir=" + folder.resolve("api"),
        "--service-cluster-ip-range=10.0.0.0/24",
        "--authorization-mode=RBAC",
        "--token-auth-file=" + folder.resolve("tokens.csv"),
        "--service-account-issuer=https://accounts.test",
        "--service-account-key-file=" + folder.resolve("accounts.key"),
        "--service-account-signing-key-file=" + folder.resolve("accounts.key"),
        "--feature-gates=ImageVolume=true");
    await().atMost(60, TimeUnit.SECONDS).until(() -> says("get", "--raw", "/readyz").equals("ok"));
    component(
        "kube-controller-manager",
        "--kubeconfig=" + kubeconfig(),
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        "--secure-port=" + RealRedis.freePort(),
        "--cert-dir=" + folder.resolve("controllers"),
        "--service-account-private-key-file=" + folder.resolve("accounts.key"));
    component(
        "kube-scheduler",
        "--kubeconfig=" + kubeconfig(),
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        "--secure-port=" + RealRedis.freePort(),
        "--cert-dir=" + folder.resolve("scheduler"));
  }

  private void component(String name, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(program, name));
    command.addAll(List.of(options));
    run(name, command.toArray(String[]::new));
  }

  private void run(String name, String... command) throws IOException {
    processes.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start());
  }

  private Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  /** Returns what kubectl prints; fails unless its status is 0. */
  String kubectl(String... arguments) throws Exception {
    String said = says(arguments);
    assertThat(said)
        .as("kubectl " + String.join(" ", arguments))
        .doesNotContain(" ended with status ");
    return said;
  }

  private String says(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program, "kubectl"));
    command.addAll(List.of(arguments));
    return Command.run(command, Map.of("KUBECONFIG", kubeconfig().toString()));
  }

  /**
   * Returns what a command of a document prints, run in a folder, and its status if that is not 0.
   */
  String shell(Path at, String command) throws Exception {
    Path programs = Files.createDirectories(folder.resolve("bin"));
    Path kubectl =
        Files.writeString(
            programs.resolve("kubectl"),
            "#!/bin/sh\nexec '%s' kubectl \"$@\"\n".formatted(program));
    assertThat(kubectl.toFile().setExecutable(true)).isTrue();
    return Command.run(
        List.of("bash", "-c", "cd \"$0\" && " + command, at.toString()),
        Map.of(
            "KUBECONFIG", kubeconfig().toString(), "PATH", programs + ":" + System.getenv("PATH")));
  }

  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).destroyForcibly().onExit().join();
    }
  }
}
