/**
 * Belongs here: the command line, a second way into the same program: it looks at models without
 * serving them.
 *
 * <p>Does not: anything of the server; Quarkus is not started, and no port is opened.
 */
@NullMarked
package dev.glimpse.cli;

import org.jspecify.annotations.NullMarked;
