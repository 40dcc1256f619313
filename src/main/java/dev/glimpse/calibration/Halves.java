package dev.glimpse.calibration;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Splits images into two halves with about as many of each class.
 *
 * @param fitted the half to fit on; the larger one by at most one image
 * @param heldOut the half to measure on
 */
record Halves<T>(List<T> fitted, List<T> heldOut) {

  /**
   * Splits a list.
   *
   * @param group returns an image's class
   * @param seed the same seed gives the same halves
   */
  static <T> Halves<T> of(List<T> images, ToIntFunction<T> group, long seed) {
    TreeMap<Integer, List<T>> classes = new TreeMap<>();
    for (T image : images) {
      classes.computeIfAbsent(group.applyAsInt(image), index -> new ArrayList<>()).add(image);
    }
    Random random = new Random(seed);
    List<T> fitted = new ArrayList<>();
    List<T> heldOut = new ArrayList<>();
    int count = 0; // goes on from class to class, as many may have one image
    for (List<T> members : classes.values()) {
      Collections.shuffle(members, random);
      for (T image : members) {
        (count++ % 2 == 0 ? fitted : heldOut).add(image);
      }
    }
    return new Halves<>(List.copyOf(fitted), List.copyOf(heldOut));
  }
}
