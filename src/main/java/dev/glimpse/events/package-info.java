/**
 * Logs predictions: makes an event of each, and sends events as CloudEvents or writes them into a
 * file, in the background.
 *
 * <p>Belongs here: what an event holds, and how it gets to its receiver. Does not belong here: what
 * is known of a prediction, and when it is finished.
 */
@NullMarked
package dev.glimpse.events;

import org.jspecify.annotations.NullMarked;
