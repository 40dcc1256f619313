package dev.glimpse.recipe;

/**
 * Something that was understood of a model, for people.
 *
 * @param name what it is about: {@code resize}
 * @param value what was understood: {@code shorter side to 256}
 * @param source who says so: {@code preprocessor_config.json: size.shortest_edge}
 */
public record Fact(String name, String value, String source) {}
