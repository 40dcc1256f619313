package dev.glimpse.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.metrics.ResultMetrics;
import dev.glimpse.support.FakeTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSpoolTest {

  @TempDir private Path folder;

  private JobStore open() {
    return new LocalStore(
        new FolderSpool(SpoolFolder.open(folder)), Duration.ofMinutes(1), 10, 1000, () -> 5_000);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(".lock"))
          .sorted()
          .toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void aNextProcessGoesOnWhereAnotherHasEnded() {
    Job job = Jobs.of("änna", 3);
    try (JobStore first = open()) {
      first.add(job, bytes("body\nof two lines"));
      assertThat(first.take()).isPresent();
      first.answer(job.id(), 2, Jobs.answer("two\nlines"));
      first.answer(job.id(), 0, Jobs.answer(""));
    }
    try (JobStore second = open()) {
      assertThat(second.pending()).isEqualTo(1);
      assertThat(second.find(job.id())).map(JobState::answered).contains(2);
      JobStore.Taken taken = second.take().orElseThrow();
      assertThat(taken.job()).isEqualTo(job);
      assertThat(new String(taken.body(), UTF_8)).isEqualTo("body\nof two lines");
      assertThat(taken.answered()).containsOnlyKeys(0, 2);
      assertThat(Jobs.text(taken.answered().get(2))).isEqualTo("two\nlines");
      assertThat(taken.answered().get(0).language()).contains("zh");
      second.finish(job, Jobs.answer("all"));
    }
    try (JobStore third = open()) {
      assertThat(third.take()).isEmpty();
      assertThat(third.find(job.id()).flatMap(JobState::answer).map(Jobs::text)).contains("all");
      assertThat(third.find(job.id()).map(JobState::job)).contains(job);
      assertThat(third.delete(job.id())).isTrue();
    }
    try (JobStore fourth = open()) {
      assertThat(fourth.find(job.id())).isEmpty();
    }
  }

  @Test
  void imagesAreNotKeptOnceAnswered() throws Exception {
    Job job = Jobs.of("", 1);
    try (JobStore store = open()) {
      store.add(job, bytes("image"));
      store.take();
      store.answer(job.id(), 0, Jobs.answer("0"));
      assertThat(files()).containsExactly(job.id() + ".answers", job.id() + ".job");
      store.finish(job, Jobs.answer("all"));
      assertThat(files()).containsExactly(job.id() + ".done");
      store.delete(job.id());
      assertThat(files()).isEmpty();
    }
  }

  /** Bodies of gigabytes would neither fit into memory nor be read in time. */
  @Test
  void aStartReadsNoBodies() throws Exception {
    Job pending = Jobs.of("", 2);
    Job done = Jobs.of("", 1);
    try (JobStore store = open()) {
      store.add(pending, bytes("image"));
      store.answer(pending.id(), 0, Jobs.answer("zero"));
      store.add(done, bytes("image"));
      store.take();
      store.finish(done, Jobs.answer("all"));
    }
    for (String name : List.of(pending.id() + ".job", done.id() + ".done")) {
      try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
        file.setLength(1L << 32); // sparse: it takes no room
      }
    }
    List<Spool.Left> left = new FolderSpool(SpoolFolder.open(folder)).left();
    assertThat(left).extracting(Spool.Left::job).containsExactlyInAnyOrder(pending, done);
    assertThat(left).allSatisfy(one -> assertThat(one.bytes()).isGreaterThan((1L << 32) - 1000));
    assertThat(left).extracting(Spool.Left::answered).containsExactlyInAnyOrder(1, 1);
  }

  /** As after a SIGKILL in the middle of a write, at every byte. */
  @Test
  void anAnswerThatIsCutOffIsWorkedOnAgain() throws Exception {
    Job job = Jobs.of("", 2);
    try (JobStore store = open()) {
      store.add(job, bytes("image"));
      store.answer(job.id(), 0, Jobs.answer("zero"));
      store.answer(job.id(), 1, Jobs.answer("one"));
    }
    Path answers = folder.resolve(job.id() + ".answers");
    byte[] whole = Files.readAllBytes(answers);
    int first = JobFormat.write(0, Jobs.answer("zero")).length;
    for (int length = 0; length < whole.length; length++) {
      Files.write(answers, Arrays.copyOf(whole, length));
      try (JobStore store = open()) {
        List<Integer> answered = length < first ? List.of() : List.of(0);
        assertThat(store.take().orElseThrow().answered())
            .as("%d bytes", length)
            .containsOnlyKeys(answered.toArray(Integer[]::new));
        store.answer(job.id(), 1, Jobs.answer("again"));
      }
      try (JobStore store = open()) {
        assertThat(Jobs.text(store.take().orElseThrow().answered().get(1))).isEqualTo("again");
      }
    }
  }

  @Test
  void whatWasNotFinishedWritingIsDeleted() throws Exception {
    Job done = Jobs.of("", 1);
    try (JobStore store = open()) {
      store.add(done, bytes("image"));
      byte[] request = Files.readAllBytes(folder.resolve(done.id() + ".job"));
      store.finish(done, Jobs.answer("all"));
      Files.write(folder.resolve(done.id() + ".job"), request); // not deleted in time
    }
    Files.writeString(folder.resolve(Jobs.of("", 1).id() + ".job.new"), "{\"id\"");
    Files.writeString(folder.resolve(Jobs.of("", 1).id() + ".answers"), "{\"image\":0");
    Files.writeString(folder.resolve(Jobs.of("", 1).id() + ".sent"), "");
    try (JobStore store = open()) {
      assertThat(files()).containsExactly(done.id() + ".done");
      assertThat(store.pending()).isZero();
    }
  }

  @Test
  void aJobIsTakenSoOftenWithoutAnAnswer() {
    Job job = Jobs.of("", 3);
    try (JobStore store = open()) {
      store.add(job, bytes("image"));
    }
    for (int i = 1; i <= 3; i++) {
      assertThat(takings()).isEqualTo(i);
    }
    try (JobStore store = open()) {
      assertThat(store.take().orElseThrow().takings()).isEqualTo(4);
      store.answer(job.id(), 0, Jobs.answer("0"));
    }
    assertThat(takings()).isEqualTo(1);
    try (JobStore store = open()) {
      store.take();
      store.release(job.id());
    }
    assertThat(takings()).isEqualTo(1);
  }

  /** Of a process that ends when it has taken the job. */
  private int takings() {
    try (JobStore store = open()) {
      return store.take().orElseThrow().takings();
    }
  }

  @Test
  void aJobThatEndsTheProcessAgainAndAgainIsFinishedWithAProblem() {
    Job job = Jobs.of("", 1);
    try (JobStore store = open()) {
      store.add(job, bytes("image"));
    }
    FakeWork work = new FakeWork();
    for (int i = 0; i <= JobTurns.MAX_TAKINGS; i++) {
      try (JobStore store = open()) {
        new JobRunner(
                store,
                work,
                () -> true,
                new JobRunner.Limits(1, 1000, 1000),
                new FakeThread(new FakeTime()),
                new ResultMetrics(new SimpleMeterRegistry()),
                unused -> {})
            .run();
      }
    }
    assertThat(work.started).hasSize(JobTurns.MAX_TAKINGS);
    try (JobStore store = open()) {
      assertThat(store.find(job.id()).flatMap(JobState::answer).map(Jobs::text).orElseThrow())
          .contains("has ended 3 times");
    }
  }

  @Test
  void filesOfOthersAreLeftAlone() throws Exception {
    Files.writeString(folder.resolve("README.md"), "mine");
    Files.writeString(folder.resolve(Jobs.of("", 1).id() + ".job"), "no job");
    try (JobStore store = open()) {
      assertThat(store.take()).isEmpty();
      assertThat(files()).hasSize(2);
    }
  }

  @Test
  void resultsThatWereSentAreNotSentAgain() {
    Job job = Jobs.calling("https://example.com/");
    try (JobStore store = open()) {
      store.add(job, bytes("image"));
      store.finish(job, Jobs.answer("all"));
    }
    try (JobStore store = open()) {
      assertThat(store.takeDue().map(JobStore.Due::job)).contains(job);
      assertThat(store.takeDue()).isEmpty();
      store.sent(job);
    }
    try (JobStore store = open()) {
      assertThat(store.takeDue()).isEmpty();
      assertThat(store.find(job.id())).isPresent();
    }
  }

  @Test
  void aFolderIsForOneProcess() {
    try (JobStore store = open()) {
      assertThat(store.isDurable()).isTrue();
      assertThatThrownBy(this::open)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("in use by another process");
    }
    assertThatThrownBy(() -> SpoolFolder.open(folder.resolve("missing")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("glimpse.results.folder")
        .hasMessageNotContaining(folder.toString());
  }

  /** It could not be opened again as long as the process lives. */
  @Test
  void aFolderThatCannotBeOpenedIsNotInUse() throws Exception {
    Path directory = Files.createDirectories(folder.resolve("a.new"));
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cannot be written to");
    Files.delete(file);
    open().close();

    Path answers = Files.createDirectory(folder.resolve(JobIds.next() + ".answers"));
    Files.createFile(answers.resolve("file"));
    assertThatThrownBy(this::open).isInstanceOf(UncheckedIOException.class);
    Files.delete(answers.resolve("file"));
    open().close();
  }

  @Test
  void onlyTheOwnerCanReadIt() throws Exception {
    try (JobStore store = open()) {
      Job job = Jobs.of("", 1);
      store.add(job, bytes("image"));
      assertThat(Files.getPosixFilePermissions(folder.resolve(job.id() + ".job")))
          .extracting(Enum::name)
          .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
    }
  }
}
