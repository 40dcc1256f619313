package dev.glimpse.deploy;

import dev.glimpse.support.GoModules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The definitions of the custom resources that deploy/ has, as their makers publish them. */
final class CustomResources {

  private static final String PROMETHEUS =
      "github.com/prometheus-operator/prometheus-operator@v0.80.1/example/prometheus-operator-crd/";
  private static final String KSERVE = "github.com/kserve/kserve@v0.15.2/config/crd/full/";
  private static final String GATEWAY = "sigs.k8s.io/gateway-api@v1.4.1/config/crd/standard/";

  /** Files of Go modules. */
  private static final List<String> FILES =
      List.of(
          GATEWAY + "gateway.networking.k8s.io_gateways.yaml",
          GATEWAY + "gateway.networking.k8s.io_httproutes.yaml",
          PROMETHEUS + "monitoring.coreos.com_podmonitors.yaml",
          PROMETHEUS + "monitoring.coreos.com_prometheusrules.yaml",
          KSERVE + "serving.kserve.io_clusterservingruntimes.yaml",
          KSERVE + "serving.kserve.io_inferenceservices.yaml",
          "knative.dev/serving@v0.47.0/config/core/300-resources/service.yaml",
          "knative.dev/eventing@v0.47.0/config/core/resources/sinkbindings.yaml",
          "github.com/kedacore/keda/v2@v2.18.1/config/crd/bases/keda.sh_scaledobjects.yaml");

  private CustomResources() {}

  /** Returns the files. A test is skipped where there is no Go or no module proxy. */
  static List<Path> files() throws Exception {
    List<Path> files = new ArrayList<>();
    for (String file : FILES) {
      int end = file.indexOf('/', file.indexOf('@'));
      files.add(GoModules.folder(file.substring(0, end)).resolve(file.substring(end + 1)));
    }
    return files;
  }
}
