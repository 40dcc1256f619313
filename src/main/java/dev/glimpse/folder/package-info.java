/**
 * Classifies folders of image files, in order, without serving: lists the files, reads them, writes
 * a row for each, resumes where an earlier run was stopped, and sorts images into folders by class.
 *
 * <p>Does not belong here: how an image is classified (package {@code model}), and what the command
 * line looks like (package {@code cli}).
 */
@NullMarked
package dev.glimpse.folder;

import org.jspecify.annotations.NullMarked;
