/**
 * Decides who may ask: callers, their keys and tokens, their roles and their rates.
 *
 * <p>Belongs here: what a key or a token is worth. Does not belong here: HTTP, and which role an
 * endpoint asks for.
 */
@NullMarked
package dev.glimpse.access;

import org.jspecify.annotations.NullMarked;
