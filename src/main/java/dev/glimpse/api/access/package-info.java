/**
 * Lets a request in or keeps it out, before any endpoint sees it.
 *
 * <p>Belongs here: where HTTP carries keys and tokens, and which role each endpoint asks for. Does
 * not belong here: what a key is worth.
 */
@NullMarked
package dev.glimpse.api.access;

import org.jspecify.annotations.NullMarked;
