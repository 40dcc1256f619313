/**
 * Runs the command line: commands that classify files, and manage models and keys, without serving.
 *
 * <p>Does not belong here: anything about serving. Quarkus is not started, and no port is opened.
 */
@NullMarked
package dev.glimpse.cli;

import org.jspecify.annotations.NullMarked;
