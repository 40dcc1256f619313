package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.postprocess.ClassGroups;
import dev.glimpse.postprocess.ClassGroups.Group;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads {@code groups.json}: an object with a list of classes for the name of each group. A class
 * is named by its label, by one of several names in a label, or by its index; a text such as {@code
 * "151-268"} names a range of indices.
 */
public final class GroupsFile {

  public static final String NAME = "groups.json";

  private static final int MOST_GROUPS = 1000;

  /** Of all groups; each image's scores are added up for all of them. */
  private static final int MOST_MEMBERS = 100_000;

  private static final Pattern RANGE = Pattern.compile("([0-9]{1,6})-([0-9]{1,6})");

  private final JsonFile file;
  private final Labels labels;

  private GroupsFile(JsonFile file, Labels labels) {
    this.file = file;
    this.labels = labels;
  }

  /**
   * Reads the file, if there is one.
   *
   * @param exclusive whether the classes exclude each other, so that their scores can be added up
   * @throws dev.glimpse.failure.UnservableModelException if it has another form, or names a class
   *     that the model does not have
   */
  public static ClassGroups read(ModelFolder folder, Labels labels, boolean exclusive) {
    if (!Files.exists(folder.file(NAME))) {
      return ClassGroups.NONE;
    }
    if (!exclusive) {
      throw folder.unservable(
          NAME + " adds up scores, but this model's are independent of each other; delete " + NAME);
    }
    return new GroupsFile(JsonFile.read(folder, NAME), labels).groups();
  }

  private ClassGroups groups() {
    if (file.root().size() > MOST_GROUPS) {
      throw file.unservable(
          "it has %d groups; at most %d are possible".formatted(file.root().size(), MOST_GROUPS));
    }
    List<Group> groups = new ArrayList<>();
    int members = 0;
    for (Map.Entry<String, JsonNode> entry : file.root().properties()) {
      Group group = group(entry.getKey(), entry.getValue());
      members += group.classes().size();
      if (members > MOST_MEMBERS) {
        throw file.unservable("its groups have more than %d classes".formatted(MOST_MEMBERS));
      }
      groups.add(group);
    }
    return new ClassGroups(groups);
  }

  private Group group(String name, JsonNode written) {
    if (!written.isArray() || written.isEmpty()) {
      throw file.unservable(
          "\"%s\" should be a list of classes, with at least one".formatted(name));
    }
    TreeSet<Integer> classes = new TreeSet<>(); // each once
    for (JsonNode one : written) {
      classes.addAll(classes(name, one));
    }
    return new Group(name, List.copyOf(classes));
  }

  private List<Integer> classes(String group, JsonNode one) {
    if (one.isIntegralNumber() && one.canConvertToInt()) {
      int index = one.intValue();
      if (index >= 0 && index < labels.count()) {
        return List.of(index);
      }
    }
    OptionalInt named = one.isTextual() ? labels.find(one.asText()) : OptionalInt.empty();
    if (named.isPresent()) {
      return List.of(named.getAsInt());
    }
    Matcher range = RANGE.matcher(one.isTextual() ? one.asText() : "");
    if (range.matches()) {
      int from = Integer.parseInt(range.group(1));
      int to = Integer.parseInt(range.group(2));
      if (from <= to && to < labels.count()) {
        return IntStream.rangeClosed(from, to).boxed().toList();
      }
    }
    throw file.unservable(
        "\"%s\" names %s, which is no class, or several; name a class by its label or its index, from 0 to %d"
            .formatted(group, one, labels.count() - 1));
  }
}
