/**
 * Serves what operators read on a port of its own, where one is set.
 *
 * <p>Belongs here: that port, and which addresses it serves. Does not belong here: what they
 * answer.
 */
@NullMarked
package dev.glimpse.api.management;

import org.jspecify.annotations.NullMarked;
