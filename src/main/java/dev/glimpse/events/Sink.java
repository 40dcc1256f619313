package dev.glimpse.events;

import java.util.List;

/** Receives events. For one thread at a time. */
interface Sink extends AutoCloseable {

  /** Returns how many events it takes at a time. */
  int most();

  /** Names it in the log, without what is secret. */
  String name();

  /**
   * Sends events, and waits until each has been accepted or not.
   *
   * @param events one or more, {@link #most} at most
   */
  Delivered send(List<CloudEvent> events) throws InterruptedException;

  /** Closes what is open. */
  @Override
  void close();
}
