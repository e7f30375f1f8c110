package org.longmae.data.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pictures with a text file of labels, as ImageNet's validation pictures have. A line is either
 * {@code LABEL}, one a picture in the order of their names (the development kit's ground truth), or
 * {@code NAME LABEL …} with blanks or commas between, names with or without extension, in any order
 * (the lists of Caffe and Kaggle; what follows the label is passed over, and so is Kaggle's line of
 * headings). Labels are words, such as synsets, or numbers; classes are the distinct ones, words in
 * alphabetical and numbers in numerical order.
 *
 * @param path of the file
 */
record LabelFileLayout(Configuration hadoop, Path path) implements Layout {
  private static final Logger LOG = LoggerFactory.getLogger(LabelFileLayout.class);
  private static final String HEADING = "ImageId";

  @Override
  public SourceListing list(FileTree tree, Workspace work) throws IOException {
    String[] labels = read(tree);
    List<String> classNames =
        Arrays.stream(labels).filter(label -> label != null).distinct().sorted(order()).toList();
    Map<String, Integer> indices = new HashMap<>();
    classNames.forEach(name -> indices.put(name, indices.size()));
    List<SourceEntry> entries = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      SourceFile picture = tree.pictures().get(i);
      entries.add(
          new SourceEntry(
              picture.origin(),
              picture.name(),
              picture.file(),
              labels[i] == null ? SourceEntry.NO_LABEL : indices.get(labels[i]),
              SourceEntry.NO_ANNOTATIONS));
    }
    return new SourceListing(entries, classNames, tree.leftOut());
  }

  /** A label for each picture, null for those that the file does not name. */
  private String[] read(FileTree tree) throws IOException {
    String[] labels = new String[tree.pictures().size()];
    Map<String, String> interned = new HashMap<>();
    PictureIndex index = null;
    int number = 0;
    int given = 0;
    int absent = 0;
    try (BufferedReader lines = open()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        String[] words = line.strip().split("[\\s,]+");
        if (line.isBlank() || words[0].equals(HEADING)) {
          continue;
        }
        if (index == null && given == 0 && words.length > 1) {
          index = new PictureIndex(tree.pictures());
        }
        if (index == null ? words.length != 1 : words.length < 2) {
          throw new SourceException(
              "[%s:%d] must be %s as the lines before but was \"%s\""
                  .formatted(path, number, index == null ? "LABEL" : "NAME LABEL", shown(line)));
        }
        String label = interned.computeIfAbsent(words[words.length > 1 ? 1 : 0], word -> word);
        int place = index == null ? given : index.byName(words[0]);
        given++;
        if (index == null && place >= labels.length) {
          continue;
        }
        if (place < 0) {
          absent++;
        } else if (labels[place] != null && !labels[place].equals(label)) {
          throw new SourceException(
              "[%s:%d] %s has the label %s in a line before but %s here"
                  .formatted(path, number, words[0], labels[place], label));
        } else {
          labels[place] = label;
        }
      }
    }
    check(tree, labels, given, absent, index != null);
    return labels;
  }

  private void check(FileTree tree, String[] labels, int given, int absent, boolean named) {
    if (!named && given != labels.length) {
      throw new SourceException(
          "[%s] must have one label for each of the %d pictures below %s but has %d"
              .formatted(path, labels.length, tree.root(), given));
    }
    long without = Arrays.stream(labels).filter(label -> label == null).count();
    if (without == labels.length) {
      throw new SourceException(
          "[%s] names none of the %d pictures below %s"
              .formatted(path, labels.length, tree.root()));
    }
    if (absent > 0 || without > 0) {
      LOG.warn(
          "[{}] names {} pictures that are not there; {} pictures have no label",
          path,
          absent,
          without);
    }
  }

  private BufferedReader open() throws IOException {
    return new BufferedReader(
        new InputStreamReader(path.getFileSystem(hadoop).open(path), StandardCharsets.UTF_8));
  }

  private static Comparator<String> order() {
    return Comparator.comparing((String label) -> label.matches("\\d{1,18}") ? 0 : 1)
        .thenComparing(label -> label.matches("\\d{1,18}") ? Long.parseLong(label) : 0L)
        .thenComparing(label -> label);
  }

  private static String shown(String line) {
    return line.length() <= 80 ? line : line.substring(0, 80) + "…";
  }
}
