package dev.glimpse.folder;

import dev.glimpse.folder.ImageSorter.Staged;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Classifies files on several threads, and writes their rows in the order of the files. */
public final class FolderRun {

  /** Is notified of what happens, on the thread that runs. */
  public interface Listener {

    /** A row has been written. */
    void written(Row row);

    /** An image was classified, but could not be put into its folder. */
    void notSorted(String why);
  }

  private final FileClassifier classifier;
  private final RowFormat format;
  private final Optional<ImageSorter> sorter;
  private final Listener listener;
  private final OrderedTasks<ImageInput, Staged> tasks;

  /**
   * Creates a run that has not begun.
   *
   * @param workers how many files are worked on at a time
   */
  public FolderRun(
      FileClassifier classifier,
      RowFormat format,
      Optional<ImageSorter> sorter,
      Listener listener,
      int workers) {
    this.classifier = classifier;
    this.format = format;
    this.sorter = sorter;
    this.listener = listener;
    this.tasks = new OrderedTasks<>(workers, this::classify);
  }

  /**
   * Runs to the end of the inputs, or until it is stopped.
   *
   * @param done whether a file has a row already
   * @throws IOException if rows cannot be written, or the list of files cannot be read
   */
  public void run(ImageInputs inputs, Predicate<ImageInput> done, RowOutput output)
      throws IOException {
    tasks.run(() -> next(inputs, done), staged -> write(staged, output));
  }

  /** Completes what a killed run has begun to sort. */
  public void finish(RowFile resumed) {
    resumed
        .last()
        .flatMap(last -> sorter.flatMap(sorting -> sorting.finish(last, last.file())))
        .ifPresent(listener::notSorted);
  }

  private static @Nullable ImageInput next(ImageInputs inputs, Predicate<ImageInput> done)
      throws IOException {
    ImageInput input = inputs.next();
    while (input != null && done.test(input)) {
      input = inputs.next();
    }
    return input;
  }

  private Staged classify(ImageInput input) {
    Row row = classifier.classify(input);
    return sorter
        .map(sorting -> sorting.stage(input, row))
        .orElseGet(() -> new Staged(input, row, Optional.empty()));
  }

  private void write(Staged staged, RowOutput output) throws IOException {
    Row row = sorter.map(sorting -> sorting.place(staged)).orElse(staged.row());
    output.write(format.text(row));
    listener.written(row);
    sorter.flatMap(sorting -> sorting.publish(staged, row)).ifPresent(listener::notSorted);
  }

  /** Lets what has begun be finished, and begins nothing else. Any thread may call it. */
  public void stop() {
    tasks.stop();
  }
}
