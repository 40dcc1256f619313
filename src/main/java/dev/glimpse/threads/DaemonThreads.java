package dev.glimpse.threads;

import java.util.concurrent.ThreadFactory;

/** Makes daemon threads, which do not keep the process from ending. Any thread may call it. */
public final class DaemonThreads {

  private DaemonThreads() {}

  /** Returns a thread that has not been started. */
  public static Thread create(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Starts a thread. */
  public static void start(String name, Runnable task) {
    create(name, task).start();
  }

  /** Returns what makes the threads of an executor, which all have this name. */
  public static ThreadFactory named(String name) {
    return task -> create(name, task);
  }
}
