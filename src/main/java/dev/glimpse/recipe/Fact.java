package dev.glimpse.recipe;

/**
 * Describes one property of a model, for people.
 *
 * @param name e.g. {@code resize}
 * @param value e.g. {@code shorter side to 256}
 * @param source e.g. {@code preprocessor_config.json: size.shortest_edge}
 */
public record Fact(String name, String value, String source) {}
