package dev.glimpse.deploy;

import java.util.List;

/** The values of prometheus-adapter's Helm chart that deploy/ sets. */
record PrometheusAdapter(Rules rules) {

  record Rules(List<Rule> custom) {}

  record Rule(String seriesQuery, Resources resources, Name name, String metricsQuery) {}

  record Resources(Overrides overrides) {}

  record Overrides(Resource namespace, Resource pod) {}

  record Resource(String resource) {}

  record Name(String matches, String as) {}
}
