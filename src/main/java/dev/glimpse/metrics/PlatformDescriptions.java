package dev.glimpse.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Map;

/** Describes those meters of the platform that have no description of their own. */
@Singleton
public class PlatformDescriptions implements MeterFilter {

  private static final Map<String, String> BY_NAME =
      Map.ofEntries(
          Map.entry("http.server.active.requests", "Requests that are being answered"),
          Map.entry(
              "http.server.connections", "Connections that are open, and how long they have been"),
          Map.entry("http.server.errors", "Connections and requests that broke off"),
          Map.entry("http.server.pushes", "Responses that HTTP/2 has pushed"),
          Map.entry("http.server.websocket.connections", "WebSocket connections that are open"),
          Map.entry("netty.allocator.memory.used", "Memory that Netty has allocated, in bytes"),
          Map.entry("netty.allocator.memory.pinned", "Memory of Netty's buffers in use, in bytes"),
          Map.entry("netty.allocator.pooled.arenas", "Arenas of Netty's pooled memory"),
          Map.entry(
              "netty.allocator.pooled.cache.size", "Size of the caches of Netty's pooled memory"),
          Map.entry(
              "netty.allocator.pooled.chunk.size",
              "Size of a chunk of Netty's pooled memory, in bytes"),
          Map.entry(
              "netty.allocator.pooled.threadlocal.caches", "Threads with a cache of pooled memory"),
          Map.entry(
              "netty.eventexecutor.tasks.pending", "Tasks that wait for a thread of Netty's"));

  @Override
  public Meter.Id map(Meter.Id id) {
    String description = id.getDescription() == null ? BY_NAME.get(id.getName()) : null;
    return description == null
        ? id
        : new Meter.Id(
            id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), description, id.getType());
  }
}
