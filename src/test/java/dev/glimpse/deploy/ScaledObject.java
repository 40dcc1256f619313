package dev.glimpse.deploy;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;

/**
 * KEDA's ScaledObject, after <a href="https://keda.sh/docs/latest/reference/scaledobject-spec/">its
 * documentation</a>, with the fields that deploy/ uses.
 */
record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

  record Spec(
      Target scaleTargetRef, int minReplicaCount, int maxReplicaCount, List<Trigger> triggers) {}

  record Target(String name) {}

  record Trigger(String type, String metricType, Parameters metadata) {}

  /** The first for {@code cpu}, the others for {@code prometheus}. */
  record Parameters(String value, String serverAddress, String query, String threshold) {}
}
