package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.ModelName;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.ModelRepository;
import dev.glimpse.repository.RepositoryScan;
import dev.glimpse.repository.VersionFolders;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Loads and unloads models while the service runs, by request or because the repository has
 * changed. All changes happen one after the other on one thread, and no request waits for them: a
 * version is loaded and validated first, and then replaces its predecessor.
 */
@ApplicationScoped
public class ModelReloader {

  private static final Logger LOG = Logger.getLogger(ModelReloader.class);

  /** Longer than most requests take. */
  private static final Duration UNTIL_THE_OLD_MODEL_IS_CLOSED = Duration.ofSeconds(2);

  private static final int AFTER_THE_MODELS = Interceptor.Priority.APPLICATION + 1000;
  private static final int BEFORE_THE_MODELS = Interceptor.Priority.APPLICATION;
  private static final int BEFORE_THE_DRAIN = Interceptor.Priority.APPLICATION;

  private final ModelRegistry models;
  private final ModelValidator validator;
  private final ServingMetrics metrics;
  private final ModelRepository repository;
  private final Optional<Duration> poll;
  private final @Nullable ReloadThread thread;

  @Inject
  ModelReloader(
      ModelRegistry models,
      ModelValidator validator,
      ServingMetrics metrics,
      GlimpseConfig config) {
    this(models, validator, metrics, config, isOn(config) ? new ReloadThread() : null);
  }

  /** Makes a reloader whose changes run on the given thread; null: models do not change. */
  ModelReloader(
      ModelRegistry models,
      ModelValidator validator,
      ServingMetrics metrics,
      GlimpseConfig config,
      @Nullable ReloadThread thread) {
    this.models = models;
    this.validator = validator;
    this.metrics = metrics;
    this.repository = ModelRepository.of(config.models());
    this.poll = config.repository().poll();
    this.thread = thread;
  }

  /** Returns whether models may change while the service runs. */
  static boolean isOn(GlimpseConfig config) {
    return config.repository().control() || config.repository().poll().isPresent();
  }

  void start(@Observes @Priority(AFTER_THE_MODELS) StartupEvent event) {
    poll.ifPresent(
        pause -> thread().repeat(new RepositoryPoller(repository, models, this::swapIn), pause));
  }

  /** Stops before the last requests are awaited, as loading new models is pointless by then. */
  void leave(@Observes @Priority(BEFORE_THE_DRAIN) ShutdownDelayInitiatedEvent event) {
    close();
  }

  void stop(@Observes @Priority(BEFORE_THE_MODELS) ShutdownEvent event) {
    close();
  }

  private void close() {
    if (thread != null) {
      thread.close();
    }
  }

  /** Names a version in the repository that is not in service, and the reason in a sentence. */
  public record Unavailable(String name, int version, String reason) {}

  /** Lists what is in the repository but not in service, by name and version. */
  public List<Unavailable> unavailable() {
    return models.unservable().list().stream()
        .map(one -> new Unavailable(one.folder().name(), one.folder().version(), one.reason()))
        .toList();
  }

  /**
   * Loads the versions of a model that are new or changed in the repository.
   *
   * @param version only this one, even if it is unchanged; empty: all, or those in {@code traffic}
   * @param traffic splits the requests that name no version from then on; empty: no change
   * @return completes when all of them are in service; fails with a {@link ServingException}:
   *     UNKNOWN_MODEL if there is nothing to load, or a version in {@code traffic} is missing;
   *     UNSERVABLE_MODEL if a version cannot be served, whose predecessor then stays in service
   */
  public CompletionStage<Void> load(
      String name, Optional<Integer> version, Optional<TrafficSplit> traffic) {
    return thread()
        .submit(() -> {
          List<ModelFolder> all = find(name);
          models.unservable().retain(name, all);
          List<ModelFolder> folders =
              all.stream().filter(folder -> isMeant(folder.version(), version, traffic)).toList();
          if (folders.isEmpty() && (version.isPresent() || traffic.isEmpty())) {
            throw new ServingException(
                Failure.UNKNOWN_MODEL,
                "The repository holds no such model, or not that version of it.");
          }
          boolean valid = true;
          for (ModelFolder folder : folders) {
            FolderSnapshot state = FolderSnapshot.of(folder);
            if (version.isPresent() || !models.state().now().holds(folder, state)) {
              valid &= swapIn(folder, state);
            }
          }
          if (!valid) {
            throw unservable(folders);
          }
          traffic.ifPresent(shares -> models.state().route(name, shares));
        });
  }

  /** Selects by version, as a rollback must not depend on the state of other versions. */
  private static boolean isMeant(
      int number, Optional<Integer> version, Optional<TrafficSplit> traffic) {
    return version
        .map(one -> one == number)
        .or(() -> traffic.map(shares -> shares.weights().containsKey(number)))
        .orElse(true);
  }

  /**
   * Takes a model out of service. The repository does not change.
   *
   * @param version only this one; empty: all
   * @return fails with a {@link ServingException}: UNKNOWN_MODEL if it is not in service,
   *     INVALID_PARAMETER if it has a share of the traffic and other versions stay
   */
  public CompletionStage<Void> unload(String name, Optional<Integer> version) {
    return thread()
        .submit(() -> {
          version.ifPresentOrElse(
              one -> models.state().remove(name, one), () -> models.state().remove(name));
          for (ModelFolder folder : find(name)) {
            if (version.isEmpty() || version.get() == folder.version()) {
              models.unservable().unloaded(folder, FolderSnapshot.of(folder));
            }
          }
          giveMemoryBack();
        });
  }

  /** Finds a model's versions. Invalid names are ignored, unless there are no other versions. */
  private List<ModelFolder> find(String name) {
    if (!ModelName.isValid(name)) {
      return List.of();
    }
    try {
      Optional<VersionFolders> found = RepositoryScan.versions(repository, name);
      if (found.isEmpty()) {
        return List.of();
      }
      VersionFolders versions = found.get();
      if (versions.good().isEmpty()) {
        versions.orThrow();
      }
      versions.misnamed().forEach(one -> LOG.warnf("Ignored: %s", one.getMessage()));
      return versions.good();
    } catch (UnservableModelException e) {
      LOG.warn(e.getMessage());
      throw new ServingException(Failure.UNSERVABLE_MODEL, e.reason(), e);
    }
  }

  /**
   * Puts a version into service if it is valid, and returns whether it was.
   *
   * @throws ServingException NOT_READY if the service is stopping
   */
  boolean swapIn(ModelFolder folder, FolderSnapshot state) {
    boolean valid = false;
    Optional<String> defaultBefore = models.defaultName();
    try {
      models.state().put(validator.load(folder, state), state);
      models.unservable().remove(folder);
      LOG.infof("%s/%d is now in service", folder.name(), folder.version());
      valid = true;
      if (defaultBefore.isPresent() && models.defaultName().isEmpty()) {
        LOG.warnf(
            "Requests have to name a model from now on, as %s is no longer the only one; set"
                + " glimpse.models.default to have a default.",
            defaultBefore.get());
      }
    } catch (UnservableModelException e) {
      models.unservable().add(folder, state, e);
      LOG.warnf(
          "%s/%d cannot be served; the previous version stays in service. %s",
          folder.name(), folder.version(), e.getMessage());
      models.state().forgetUnlessServed(folder.name(), folder.version());
    }
    metrics.reloaded(folder.name(), valid);
    giveMemoryBack();
    return valid;
  }

  private void giveMemoryBack() {
    thread().later(OnnxRuntimeEngine::trim, UNTIL_THE_OLD_MODEL_IS_CLOSED);
  }

  private ServingException unservable(List<ModelFolder> folders) {
    List<String> reasons =
        models.unservable().list().stream()
            .filter(one -> folders.contains(one.folder()))
            .map(one -> "Version %d: %s".formatted(one.folder().version(), one.reason()))
            .toList();
    return new ServingException(Failure.UNSERVABLE_MODEL, String.join(" ", reasons));
  }

  private ReloadThread thread() {
    if (thread == null) {
      throw new IllegalStateException(
          "Models cannot change: neither glimpse.repository.control nor glimpse.repository.poll is set.");
    }
    return thread;
  }
}
