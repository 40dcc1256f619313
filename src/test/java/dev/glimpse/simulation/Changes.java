package dev.glimpse.simulation;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.registry.ModelReloader;
import dev.glimpse.registry.TrafficSplit;
import dev.glimpse.simulation.Plan.Change;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Changes the models in service and their files, and judges how the changes end. */
final class Changes {

  private final Scheduler scheduler;
  private final ModelReloader control;
  private final SimulatedRepository repository;
  private final SimulatedLoader loader;
  private final Judge judge;
  private int toEnd;
  private boolean filesChanged;

  Changes(
      Scheduler scheduler,
      ModelReloader control,
      SimulatedRepository repository,
      SimulatedLoader loader,
      Judge judge) {
    this.scheduler = scheduler;
    this.control = control;
    this.repository = repository;
    this.loader = loader;
    this.judge = judge;
  }

  boolean allEnded() {
    return toEnd == 0;
  }

  /** Returns whether a load may have failed because its files were changed. */
  boolean filesChanged() {
    return filesChanged;
  }

  void make(Change change) {
    scheduler.log(() -> "change: " + change);
    switch (change.kind()) {
      case LOAD, UNLOAD, ROUTE -> control(change);
      case TOUCH -> {
        filesChanged = true;
        repository.touch(change.model(), change.version().orElse(1));
      }
      case REMOVE -> {
        filesChanged = true;
        judge.unloading();
        repository.remove();
      }
      case RESTORE -> repository.restore();
    }
  }

  private void control(Change change) {
    toEnd++;
    CompletionStage<Void> done;
    try {
      done =
          switch (change.kind()) {
            case UNLOAD -> {
              judge.unloading();
              yield control.unload(change.model(), change.version());
            }
            case ROUTE ->
                control.load(
                    change.model(), Optional.empty(), Optional.of(TrafficSplit.parse("1:1,2:1")));
            default -> control.load(change.model(), change.version(), Optional.empty());
          };
    } catch (ServingException e) {
      judge.require(
          e.failure() == Failure.NOT_READY && judge.isStopping(),
          () -> change + " is refused: " + e);
      toEnd--;
      return;
    }
    var unused = done.whenComplete((nothing, failure) -> end(change, failure));
  }

  private void end(Change change, @Nullable Throwable failure) {
    toEnd--;
    scheduler.log(() -> "changed: " + change + (failure == null ? "" : " fails: " + failure));
    if (failure == null) {
      if (change.kind() == Change.Kind.LOAD && change.version().isPresent()) {
        judge.loaded(change.model(), change.version().get());
      }
      return;
    }
    Throwable cause = AsyncFailures.cause(failure);
    judge.require(
        cause instanceof ServingException e && hasReason(change, e.failure()),
        () -> change + " fails without a reason: " + cause);
  }

  private boolean hasReason(Change change, Failure failure) {
    return switch (failure) {
      case UNSERVABLE_MODEL -> loader.failures() > 0 || filesChanged;
      case NOT_READY -> judge.isStopping();
      case UNKNOWN_MODEL -> change.kind() != Change.Kind.LOAD || filesChanged;
      case INVALID_PARAMETER -> change.kind() != Change.Kind.LOAD;
      default -> false;
    };
  }
}
