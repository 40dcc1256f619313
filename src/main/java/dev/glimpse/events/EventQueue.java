package dev.glimpse.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds events until they have been sent, within a number and a size. Any thread may add events,
 * and never waits; one thread takes them.
 */
final class EventQueue {

  private final int maxEvents;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<QueuedEvent> waiting = new ArrayDeque<>();

  /** Of those that wait and those that have been taken. */
  private int events;

  private long bytes;
  private boolean closed;

  /**
   * Creates an empty queue.
   *
   * @param maxEvents the most events, 1 or more
   * @param maxBytes the most bytes of events
   */
  EventQueue(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /** Adds an event; returns false if it is full or closed. */
  boolean add(QueuedEvent event) {
    lock.lock();
    try {
      if (closed || events >= maxEvents || bytes + event.bytes() > maxBytes) {
        return false;
      }
      waiting.add(event);
      events++;
      bytes += event.bytes();
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for an event, and takes those that there are. They count until they are {@linkplain
   * #release released}.
   *
   * @param most how many to take at most
   * @return none only if the queue is closed and empty
   */
  List<QueuedEvent> take(int most) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.await();
      }
      List<QueuedEvent> taken = new ArrayList<>();
      while (taken.size() < most && !waiting.isEmpty()) {
        taken.add(waiting.remove());
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets events that were taken. */
  void release(Collection<QueuedEvent> done) {
    lock.lock();
    try {
      events -= done.size();
      bytes -= done.stream().mapToLong(QueuedEvent::bytes).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Accepts no more events, and ends all waits. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for some time; closing the queue ends the wait. */
  void pause(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      boolean before = closed;
      long left = nanos;
      while (left > 0 && closed == before) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many events have not been released. */
  int size() {
    lock.lock();
    try {
      return events;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether it is closed. */
  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
