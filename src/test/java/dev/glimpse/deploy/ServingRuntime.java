package dev.glimpse.deploy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;

/**
 * KServe's ClusterServingRuntime, after <a
 * href="https://github.com/kserve/kserve/blob/master/pkg/apis/serving/v1alpha1/servingruntime_types.go">its
 * Go source</a>, with the fields that deploy/ uses.
 */
record ServingRuntime(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

  record Spec(
      Map<String, String> annotations,
      List<ModelFormat> supportedModelFormats,
      List<String> protocolVersions,
      List<Container> containers,
      List<Volume> volumes) {}

  record ModelFormat(String name, String version, boolean autoSelect) {}
}
