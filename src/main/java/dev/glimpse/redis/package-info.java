/**
 * Sends commands to Redis, where {@code glimpse.redis.url} names one, and does without it while it
 * is away.
 *
 * <p>Belongs here: the connection, its time-outs, its circuit breaker. Does not belong here: what
 * is kept in Redis. None of the library's classes is loaded without the setting.
 */
@NullMarked
package dev.glimpse.redis;

import org.jspecify.annotations.NullMarked;
