/**
 * Finds the files of a model repository and reads them.
 *
 * <p>Belongs here: the layout of folders and versions, change detection, checksums, and readers for
 * JSON, properties and label files that name the file and the key in their errors. Does not belong
 * here: what the values mean (package {@code recipe}).
 */
@NullMarked
package dev.glimpse.repository;

import org.jspecify.annotations.NullMarked;
