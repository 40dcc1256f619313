package dev.glimpse.image;

/**
 * Describes a part of an image.
 *
 * @param x pixels left of it, 0 or more
 * @param y pixels above it, 0 or more
 * @param width in pixels, 1 or more
 * @param height in pixels, 1 or more
 */
public record Window(int x, int y, int width, int height) {}
