package dev.glimpse.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.metrics.ResultMetrics;
import dev.glimpse.support.FakeTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bodies of 90 bytes at a time, besides the largest. */
class JobTurnsTest {

  private final FakeTime time = new FakeTime();
  private final FakeWork work = new FakeWork();
  private boolean free;

  private JobQueue queue(int images) {
    JobQueue queue =
        new JobQueue(
            new LocalStore(
                new BrokenSpool(),
                Duration.ofHours(1),
                100,
                1000,
                () -> time.getAsLong() / 1_000_000),
            work,
            () -> free,
            new JobRunner.Limits(images, 90, 500),
            new FakeThread(time),
            new ResultMetrics(new SimpleMeterRegistry()),
            Optional.empty());
    queue.start();
    return queue;
  }

  private Job add(JobQueue queue, String owner, int bytes, int images) {
    Job job = Jobs.of(owner, images);
    var unused = queue.add(job, owner.substring(0, 1).repeat(bytes).getBytes(UTF_8));
    time.pass(Duration.ZERO);
    return job;
  }

  private void begin() {
    free = true;
    time.pass(JobQueue.TICK);
  }

  private void succeed(int started) {
    work.started.get(started).succeed();
    time.pass(Duration.ZERO);
  }

  /** Ends images one after the other until no more are started. */
  private void succeedAll() {
    for (int i = 0; i < work.started.size(); i++) {
      succeed(i);
    }
  }

  private List<String> started() {
    return work.started.stream().map(one -> one.body().substring(0, 1)).toList();
  }

  /** Ten jobs of an image each are ten turns, as those of one job are. */
  @Test
  void anOwnerWithManyJobsTakesTurnsToo() {
    JobQueue queue = queue(1);
    for (int i = 0; i < 10; i++) {
      add(queue, "anna", 1, 1);
    }
    add(queue, "berta", 1, 5);
    begin();
    succeedAll();
    assertThat(String.join("", started())).isEqualTo("ababababab" + "aaaaa");
  }

  /** Another owner gets a place before those that had theirs, however old their jobs are. */
  @Test
  void anOwnerBeyondThePlacesGetsOne() {
    JobQueue queue = queue(1);
    for (int i = 0; i < 3; i++) {
      for (char owner = 'a'; owner < 'a' + JobTurns.MOST_OWNERS; owner++) {
        add(queue, "" + owner, 1, 1);
      }
    }
    add(queue, "z", 1, 1);
    begin();
    succeedAll();
    assertThat(started()).hasSize(3 * JobTurns.MOST_OWNERS + 1);
    assertThat(started().indexOf("z")).isLessThanOrEqualTo(JobTurns.MOST_OWNERS);
  }

  /** 120 bytes are held, 60 of which count: 30 are left. Smaller jobs of anna would fit. */
  @Test
  void smallJobsDoNotHoldUpALargeOneForEver() {
    JobQueue queue = queue(3);
    add(queue, "anna", 60, 1);
    add(queue, "clara", 60, 1);
    for (int i = 0; i < 4; i++) {
      add(queue, "anna", 10, 1);
    }
    add(queue, "berta", 50, 1);
    begin();
    assertThat(started()).containsExactly("a", "c");

    succeed(0);
    assertThat(started()).containsExactly("a", "c", "b", "a");
    succeedAll();
    assertThat(started()).hasSize(7);
  }

  @Test
  void aJobThatIsLargerThanTheRoomHoldsUpNoSmallOnes() {
    JobQueue queue = queue(2);
    add(queue, "anna", 200, 3);
    add(queue, "berta", 90, 1);
    add(queue, "clara", 1, 1);
    begin();
    assertThat(started()).containsExactly("a", "b");
    succeed(0);
    assertThat(started()).as("there is no room").containsExactly("a", "b", "a");
    succeed(1);
    assertThat(started()).containsExactly("a", "b", "a", "c");
  }

  @Test
  void theBodyOfADeletedJobCountsUntilItsImagesHaveEnded() {
    JobQueue queue = queue(4);
    Job deleted = add(queue, "anna", 60, 1);
    add(queue, "clara", 60, 1);
    add(queue, "berta", 50, 1);
    begin();
    assertThat(started()).containsExactly("a", "c");

    var unused = queue.delete(deleted.id(), any -> true);
    time.pass(JobQueue.TICK);
    assertThat(started()).containsExactly("a", "c");
    succeed(0);
    time.pass(JobQueue.TICK);
    assertThat(started()).containsExactly("a", "c", "b");
  }

  @Test
  void ownersAreRememberedInBounds() {
    OwnerTurns turns = new OwnerTurns();
    for (int i = 0; i <= OwnerTurns.MOST; i++) {
      turns.next("owner " + i);
    }
    turns.next("owner 5");
    assertThat(turns.known()).hasSize(OwnerTurns.MOST).startsWith("owner 1").endsWith("owner 5");
    assertThat(turns.last("owner 0")).isZero();
    assertThat(turns.last("owner 1")).isLessThan(turns.last("owner 5"));
  }
}
