package dev.glimpse.model;

import dev.glimpse.engine.ClassifierHead;
import dev.glimpse.engine.Session;
import java.util.Optional;

/**
 * Holds a classifier's graph that also gives what enters its last layer: the source of class
 * activation maps and vectors.
 *
 * @param head how its graph ends
 * @param session runs the graph with the head's tensors as outputs; empty if the head has none
 */
public record FeatureGraph(ClassifierHead head, Optional<Session> session) {}
