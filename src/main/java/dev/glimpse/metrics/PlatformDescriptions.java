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
      Map.of(
          "http.server.active.requests", "Requests that are being answered",
          "http.server.connections", "Connections that are open, and how long they have been",
          "netty.allocator.memory.used", "Memory that Netty has allocated, in bytes",
          "netty.allocator.memory.pinned", "Memory of Netty's buffers in use, in bytes",
          "netty.allocator.pooled.arenas", "Arenas of Netty's pooled memory",
          "netty.allocator.pooled.cache.size", "Size of the caches of Netty's pooled memory",
          "netty.allocator.pooled.chunk.size", "Size of a chunk of Netty's pooled memory, in bytes",
          "netty.allocator.pooled.threadlocal.caches", "Threads with a cache of pooled memory",
          "netty.eventexecutor.tasks.pending", "Tasks that wait for a thread of Netty's");

  @Override
  public Meter.Id map(Meter.Id id) {
    String description = id.getDescription() == null ? BY_NAME.get(id.getName()) : null;
    return description == null
        ? id
        : new Meter.Id(
            id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), description, id.getType());
  }
}
