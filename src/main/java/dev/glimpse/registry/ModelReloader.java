package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.VersionFolders;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Changes what is served while the service runs, because somebody says so or because the repository
 * has changed. All of it happens on one thread, one thing after the other, and no request waits for
 * it: a version is loaded and looked at first, and then takes its place.
 */
@ApplicationScoped
public class ModelReloader {

  private static final Logger LOG = Logger.getLogger(ModelReloader.class);

  /** As long as most requests take at the most. */
  private static final Duration UNTIL_THE_OLD_ONE_IS_CLOSED = Duration.ofSeconds(2);

  private static final int AFTER_THE_MODELS = Interceptor.Priority.APPLICATION + 1000;
  private static final int BEFORE_THE_MODELS = Interceptor.Priority.APPLICATION;
  private static final int BEFORE_THE_DRAIN = Interceptor.Priority.APPLICATION;

  private final ModelRegistry models;
  private final ModelValidator vetting;
  private final ServingMetrics metrics;
  private final Path repository;
  private final Optional<Duration> poll;
  private final @Nullable ReloadThread thread;

  ModelReloader(
      ModelRegistry models, ModelValidator vetting, ServingMetrics metrics, GlimpseConfig config) {
    this.models = models;
    this.vetting = vetting;
    this.metrics = metrics;
    this.repository = config.models().path();
    this.poll = config.repository().poll();
    this.thread = isOn(config) ? new ReloadThread() : null;
  }

  /** Whether what is served may change while the service runs. */
  static boolean isOn(GlimpseConfig config) {
    return config.repository().control() || config.repository().poll().isPresent();
  }

  void start(@Observes @Priority(AFTER_THE_MODELS) StartupEvent event) {
    poll.ifPresent(
        pause -> thread().repeat(new RepositoryPoller(repository, models, this::swapIn), pause));
  }

  /** Before the last requests are waited for, as nothing new is worth loading from now on. */
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

  /** A version in the repository that is not served, and a sentence that says why. */
  public record Unavailable(String name, int version, String reason) {}

  /** What is in the repository and not served, by name and version. */
  public List<Unavailable> unavailable() {
    return models.rejections().list().stream()
        .map(one -> new Unavailable(one.folder().name(), one.folder().version(), one.reason()))
        .toList();
  }

  /**
   * Loads what the repository holds of a model, where that is not served as it is there.
   *
   * @param version only this one, and even if it is served as it is; empty: all, or those that are
   *     to have a share of the traffic
   * @param traffic how requests that name no version are shared out from then on; empty: as before
   * @return done when all of it is served; fails with a {@link ServingException}: UNKNOWN_MODEL if
   *     there is nothing to load, or nothing where the traffic should go; UNSERVABLE_MODEL if one
   *     cannot be served, and what was served of it before still is
   */
  public CompletionStage<Void> load(
      String name, Optional<Integer> version, Optional<TrafficSplit> traffic) {
    return thread()
        .submit(() -> {
          List<ModelFolder> all = find(name);
          models.rejections().retain(name, all);
          List<ModelFolder> folders =
              all.stream().filter(folder -> isMeant(folder.version(), version, traffic)).toList();
          if (folders.isEmpty() && (version.isPresent() || traffic.isEmpty())) {
            throw new ServingException(
                Failure.UNKNOWN_MODEL,
                "The repository holds no such model, or not that version of it.");
          }
          boolean well = true;
          for (ModelFolder folder : folders) {
            FolderSnapshot state = FolderSnapshot.of(folder);
            if (version.isPresent() || !models.swap().now().holds(folder, state)) {
              well &= swapIn(folder, state);
            }
          }
          if (!well) {
            throw unservable(folders);
          }
          traffic.ifPresent(shares -> models.swap().route(name, shares));
        });
  }

  /** Going back to an old version must not depend on how the others are. */
  private static boolean isMeant(
      int number, Optional<Integer> version, Optional<TrafficSplit> traffic) {
    return version
        .map(one -> one == number)
        .or(() -> traffic.map(shares -> shares.weights().containsKey(number)))
        .orElse(true);
  }

  /**
   * Takes a model out of service. The repository is left as it is.
   *
   * @param version only this one; empty: all
   * @return fails with a {@link ServingException}: UNKNOWN_MODEL if it is not served,
   *     INVALID_PARAMETER if it has a share of the traffic and others stay
   */
  public CompletionStage<Void> unload(String name, Optional<Integer> version) {
    return thread()
        .submit(() -> {
          version.ifPresentOrElse(
              one -> models.swap().remove(name, one), () -> models.swap().remove(name));
          for (ModelFolder folder : find(name)) {
            if (version.isEmpty() || version.get() == folder.version()) {
              models.rejections().unloaded(folder, FolderSnapshot.of(folder));
            }
          }
          giveMemoryBack();
        });
  }

  /** Versions that by their names can be none are passed over, unless there are no others. */
  private List<ModelFolder> find(String name) {
    if (!ModelFolder.isName(name) || !Files.isDirectory(repository.resolve(name))) {
      return List.of();
    }
    try {
      VersionFolders versions = VersionFolders.in(repository.resolve(name), name);
      if (versions.good().isEmpty()) {
        versions.orThrow();
      }
      versions.misnamed().forEach(one -> LOG.warnf("This is passed over. %s", one.getMessage()));
      return versions.good();
    } catch (UnservableModelException e) {
      LOG.warn(e.getMessage());
      throw new ServingException(Failure.UNSERVABLE_MODEL, e.reason(), e);
    }
  }

  /**
   * Puts a version into service, if it is good; says whether it was.
   *
   * @throws ServingException NOT_READY if the service is stopping
   */
  boolean swapIn(ModelFolder folder, FolderSnapshot state) {
    boolean well = false;
    try {
      models.swap().put(vetting.load(folder, state), state);
      models.rejections().remove(folder);
      LOG.infof("%s/%d is served from now on", folder.name(), folder.version());
      well = true;
    } catch (UnservableModelException e) {
      models.rejections().add(folder, state, e);
      LOG.warnf(
          "%s/%d is not served, and what was served before still is. %s",
          folder.name(), folder.version(), e.getMessage());
      if (models.swap().now().find(folder.name(), folder.version()).isEmpty()) {
        metrics.forget(folder.name(), Integer.toString(folder.version()));
      }
    }
    metrics.reloaded(folder.name(), well);
    giveMemoryBack();
    return well;
  }

  private void giveMemoryBack() {
    thread().later(OnnxRuntimeEngine::trim, UNTIL_THE_OLD_ONE_IS_CLOSED);
  }

  private ServingException unservable(List<ModelFolder> folders) {
    List<String> reasons =
        models.rejections().list().stream()
            .filter(one -> folders.contains(one.folder()))
            .map(one -> "Version %d: %s".formatted(one.folder().version(), one.reason()))
            .toList();
    return new ServingException(Failure.UNSERVABLE_MODEL, String.join(" ", reasons));
  }

  private ReloadThread thread() {
    if (thread == null) {
      throw new IllegalStateException("It is not switched on.");
    }
    return thread;
  }
}
