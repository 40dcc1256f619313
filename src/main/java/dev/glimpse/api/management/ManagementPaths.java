package dev.glimpse.api.management;

import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.SecurityHandlerPriorities;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Serves {@code /q} and what is below it on the management port alone, and nothing else there: each
 * other address is 404. Does nothing unless there is such a port.
 */
@ApplicationScoped
public class ManagementPaths {

  private static final String ROOT = "/q";

  /** Before anyone is asked for a key. */
  private static final int BEFORE_ACCESS = SecurityHandlerPriorities.AUTHENTICATION + 1;

  private final ManagementPort port;
  private final ProblemWriter problems;

  ManagementPaths(ManagementPort port, ProblemWriter problems) {
    this.port = port;
    this.problems = problems;
  }

  void register(@Observes Filters filters) {
    if (port.isOn()) {
      filters.register(this::check, BEFORE_ACCESS);
    }
  }

  private void check(RoutingContext context) {
    if (isManagement(context.normalizedPath()) == isOnPort(context.request().localAddress())) {
      context.next();
    } else {
      problems.refuse(
          context,
          new ServingException(
              Failure.NOT_FOUND, "There is no such endpoint on this port; another has it."));
    }
  }

  private static boolean isManagement(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  private boolean isOnPort(SocketAddress local) {
    return local.port() == port.number().orElse(-1);
  }
}
