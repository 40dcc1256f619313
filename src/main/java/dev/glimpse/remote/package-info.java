/**
 * Downloads images by URL, from public addresses only, without a worker that waits. It does not
 * decode them.
 */
@NullMarked
package dev.glimpse.remote;

import org.jspecify.annotations.NullMarked;
