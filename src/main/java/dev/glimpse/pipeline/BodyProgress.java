package dev.glimpse.pipeline;

/** Hears whether a body is arriving: a slow one may have to give its request's slot up. */
public interface BodyProgress {

  /** Called when bytes may arrive, and it is up to the client when they do. */
  void arrives();

  /** Called when no bytes may arrive, because there is no memory for them. */
  void waits();
}
