package org.longmae.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open Images' tables beside its pictures, which are named by their ids, wherever they lie. A table
 * is known by its columns, not by its name, which differs between releases:
 *
 * <ul>
 *   <li>boxes: {@code ImageID, LabelName, XMin, XMax, YMin, YMax}, shares of the picture's sides; a
 *       group ({@code IsGroupOf}) is a crowd;
 *   <li>image labels: {@code ImageID, LabelName, Confidence}; those with confidence 1 are taken,
 *       which are the ones that people have verified as present;
 *   <li>images: {@code ImageID, OriginalURL}, of which nothing is needed;
 *   <li>class descriptions: a name for each code {@code /m/…}, with or without a first row of
 *       names.
 * </ul>
 *
 * <p>Class names are the described classes in the order of their tables, then codes without a
 * description in the order they occur. A picture's label is that of its main box; without boxes the
 * first of its image labels. Rows about pictures that are not there are counted in the log. Tables
 * are read once, row by row; memory is that of the pictures.
 */
final class OpenImagesLayout implements Layout {
  private static final Logger LOG = LoggerFactory.getLogger(OpenImagesLayout.class);

  private final Configuration hadoop;
  private final Map<Kind, List<SourceFile>> tables;

  /** What a table is about. */
  private enum Kind {
    CLASSES,
    IMAGES,
    BOXES,
    LABELS,
    OTHER
  }

  private OpenImagesLayout(Configuration hadoop, Map<Kind, List<SourceFile>> tables) {
    this.hadoop = hadoop;
    this.tables = tables;
  }

  /** The layout of a tree; empty if it has none of the tables that say what pictures show. */
  static Optional<Layout> in(FileTree tree, Configuration hadoop) throws IOException {
    Map<Kind, List<SourceFile>> tables = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      tables.put(kind, new ArrayList<>());
    }
    for (SourceFile file : tree.tables()) {
      if (file.lastName().toLowerCase(Locale.ROOT).endsWith(".csv")) {
        tables.get(kind(hadoop, file)).add(file);
      }
    }
    if (tables.get(Kind.BOXES).isEmpty() && tables.get(Kind.LABELS).isEmpty()) {
      return Optional.empty();
    }
    if (!tables.get(Kind.OTHER).isEmpty()) {
      LOG.info(
          "[{}] not read: {}",
          tree.root(),
          tables.get(Kind.OTHER).stream().map(SourceFile::name).toList());
    }
    return Optional.of(new OpenImagesLayout(hadoop, tables));
  }

  private static Kind kind(Configuration hadoop, SourceFile file) throws IOException {
    try (CsvTable table = CsvTable.open(hadoop, file)) {
      if (table.hasColumns("ImageID", "LabelName", "XMin", "XMax", "YMin", "YMax")) {
        return Kind.BOXES;
      }
      if (table.hasColumns("ImageID", "LabelName", "Confidence")) {
        return Kind.LABELS;
      }
      if (table.hasColumns("ImageID", "OriginalURL")) {
        return Kind.IMAGES;
      }
      boolean named = table.hasColumns("LabelName", "DisplayName");
      boolean bare = table.first().size() == 2 && table.first().get(0).matches("/[a-z]+/.+");
      return named || bare ? Kind.CLASSES : Kind.OTHER;
    }
  }

  @Override
  public SourceListing list(FileTree tree, Workspace work) throws IOException {
    Classes classes = new Classes();
    for (SourceFile file : tables.get(Kind.CLASSES)) {
      classes.describe(hadoop, file);
    }
    PictureIndex pictures = new PictureIndex(tree.pictures());
    Rows rows = new Rows();
    try (AnnotationSorter sorter = new AnnotationSorter(work, tree.pictures())) {
      for (SourceFile file : tables.get(Kind.BOXES)) {
        try (CsvTable table = CsvTable.open(hadoop, file)) {
          while (table.next()) {
            byte[] record = AnnotationCodec.relativeObject(box(table, classes));
            add(pictures.byName(table.text("ImageID")), record, sorter, rows);
          }
        }
      }
      for (SourceFile file : tables.get(Kind.LABELS)) {
        try (CsvTable table = CsvTable.open(hadoop, file)) {
          while (table.next()) {
            if (table.number("Confidence") == 1) {
              byte[] record = AnnotationCodec.label(classes.index(table.text("LabelName")));
              add(pictures.byName(table.text("ImageID")), record, sorter, rows);
            } else {
              rows.unsure++;
            }
          }
        }
      }
      rows.report(tree);
      return sorter.finish().listing(tree, classes.names());
    }
  }

  private static ObjectAnnotation box(CsvTable table, Classes classes) {
    double left = table.number("XMin");
    double right = table.number("XMax");
    double upper = table.number("YMin");
    double lower = table.number("YMax");
    if (left < 0 || left > right || right > 1 || upper < 0 || upper > lower || lower > 1) {
      throw table.wrong(
          "a box must have 0 <= min <= max <= 1 but has x %s to %s, y %s to %s"
              .formatted(left, right, upper, lower));
    }
    boolean group = table.hasColumns("IsGroupOf") && table.text("IsGroupOf").equals("1");
    double width = right - left;
    double height = lower - upper;
    return new ObjectAnnotation(
        classes.index(table.text("LabelName")),
        left,
        upper,
        width,
        height,
        width * height,
        group,
        List.of(),
        "");
  }

  private static void add(int place, byte[] record, AnnotationSorter sorter, Rows rows)
      throws IOException {
    if (place < 0) {
      rows.absent++;
    } else {
      rows.taken++;
      sorter.add(place, record);
    }
  }

  /** Counts. */
  private static final class Rows {
    private long taken;
    private long absent;
    private long unsure;

    void report(FileTree tree) {
      if (taken == 0 && absent > 0) {
        throw new SourceException(
            "[%s] none of the %d rows about pictures is about one that is there, for example %s"
                .formatted(tree.root(), absent, tree.pictures().get(0).name()));
      }
      LOG.info(
          "[{}] {} boxes and labels taken; {} of pictures that are not there, {} labels that nobody"
              + " has verified as present",
          tree.root(),
          taken,
          absent,
          unsure);
    }
  }

  /** Classes by their codes. */
  private static final class Classes {
    private final Map<String, Integer> indices = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    void describe(Configuration hadoop, SourceFile file) throws IOException {
      try (CsvTable table = CsvTable.open(hadoop, file)) {
        boolean more = !table.hasColumns("LabelName") || table.next();
        for (; more; more = table.next()) {
          describe(table, table.text(0), table.text(1));
        }
      }
    }

    private void describe(CsvTable table, String code, String name) {
      Integer index = indices.putIfAbsent(code, names.size());
      if (index == null) {
        names.add(name);
      } else if (!names.get(index).equals(name)) {
        throw table.wrong(
            "class %s must be \"%s\" as before but is \"%s\""
                .formatted(code, names.get(index), name));
      }
    }

    int index(String code) {
      return indices.computeIfAbsent(
          code,
          key -> {
            names.add(key);
            return names.size() - 1;
          });
    }

    List<String> names() {
      return List.copyOf(names);
    }
  }
}
