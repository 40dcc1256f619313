/**
 * Downloads images by URL, from public addresses only, without a worker that waits, and sends
 * results to addresses that clients name. It does not decode images.
 */
@NullMarked
package dev.glimpse.remote;

import org.jspecify.annotations.NullMarked;
