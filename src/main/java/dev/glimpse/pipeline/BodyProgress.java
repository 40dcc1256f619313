package dev.glimpse.pipeline;

/** Is notified whether a body can arrive: a request whose body is slow may lose its slot. */
public interface BodyProgress {

  /** Called when bytes may arrive, so that from now on a delay is the client's. */
  void arrives();

  /** Called when no bytes may arrive, because no memory is free for them. */
  void waits();
}
