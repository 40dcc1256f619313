package dev.glimpse.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Fails a run with {@code CI=true} in which a test was skipped that {@code allowed-skips.txt} does
 * not list. JUnit finds this listener by {@code META-INF/services}; surefire and failsafe report
 * its exception as an error of the run.
 */
public final class SkipPolicy implements LauncherSessionListener, TestExecutionListener {

  static final Path LIST = Path.of("src/test/resources/allowed-skips.txt");

  private final Queue<String> unlisted = new ConcurrentLinkedQueue<>();
  private AllowedSkips allowed = new AllowedSkips(List.of());

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if ("true".equals(System.getenv("CI"))) {
      try {
        allowed = AllowedSkips.read(LIST);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      session.getLauncher().registerTestExecutionListeners(this);
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    check(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      check(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason"));
    }
  }

  private void check(TestIdentifier test, String reason) {
    String name = name(test);
    if (!allowed.contains(name, reason)) {
      unlisted.add(name + ": " + reason);
    }
  }

  private static String name(TestIdentifier test) {
    return test.getSource()
        .map(source -> {
          if (source instanceof MethodSource method) {
            return simple(method.getClassName()) + "." + method.getMethodName();
          }
          return source instanceof ClassSource type ? simple(type.getClassName()) : null;
        })
        .orElseGet(test::getDisplayName);
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    if (!unlisted.isEmpty()) {
      throw new IllegalStateException(
          "CI=true, and these tests were skipped. Provide what they need, or list them with a"
              + " reason in "
              + LIST
              + ":\n  "
              + String.join("\n  ", unlisted.stream().distinct().sorted().toList()));
    }
  }
}
