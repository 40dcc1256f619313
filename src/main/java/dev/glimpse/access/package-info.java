/**
 * Authenticates callers by keys and tokens, and limits their rates.
 *
 * <p>Belongs here: who a key or a token belongs to, its roles and its rate. Does not belong here:
 * HTTP, and which role an endpoint needs.
 */
@NullMarked
package dev.glimpse.access;

import org.jspecify.annotations.NullMarked;
