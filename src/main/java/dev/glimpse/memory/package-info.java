/**
 * Bounds the memory that requests take, in bytes: bodies that arrive or wait, and what workers
 * parse and decode.
 */
@org.jspecify.annotations.NullMarked
package dev.glimpse.memory;
