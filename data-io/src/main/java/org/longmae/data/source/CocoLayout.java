package org.longmae.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * COCO's layout: {@code annotations/instances_NAME.json} beside picture folders {@code NAME}. Where
 * there is no such folder, the file's pictures are looked for by their names alone.
 *
 * <p>The pictures are those in the folders. One that no annotation file names has no objects, as
 * all of unlabeled2017; one that is named but not there is left out and counted in the log, so that
 * a part of COCO can be used with the full annotations. Class names are the categories in the order
 * of their ids. A picture's label is the category of its main object; without objects it has none.
 *
 * <p>{@code captions_*} and {@code person_keypoints_*} are read only if asked for; keypoints go to
 * the instance of the same id. Files of folders that were not chosen are not read.
 *
 * <p>Each file is read twice, since its arrays come in any order: up to its categories and pictures
 * first, whole for the annotations then.
 */
final class CocoLayout implements Layout {
  private static final Logger LOG = LoggerFactory.getLogger(CocoLayout.class);
  private static final String FOLDER = "annotations";
  private static final String SUFFIX = ".json";

  private final Configuration hadoop;
  private final List<AnnotationTable> tables;

  /** What a file's annotations are. */
  private enum Kind {
    INSTANCES("instances_"),
    KEYPOINTS("person_keypoints_"),
    CAPTIONS("captions_");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /**
   * One annotation file.
   *
   * @param pictures the folder that its pictures are expected in
   */
  private record AnnotationTable(SourceFile file, Kind kind, String pictures) {}

  private CocoLayout(Configuration hadoop, List<AnnotationTable> tables) {
    this.hadoop = hadoop;
    this.tables = tables;
  }

  /** The layout of a tree; empty if it has no instance annotations. */
  static Optional<Layout> in(FileTree tree, Configuration hadoop, SourceSettings settings) {
    List<AnnotationTable> found = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      tree.tables().stream()
          .map(file -> table(file, kind))
          .flatMap(Optional::stream)
          .forEach(found::add);
    }
    if (found.stream().noneMatch(table -> table.kind == Kind.INSTANCES)) {
      return Optional.empty();
    }
    Map<Boolean, List<AnnotationTable>> read =
        found.stream()
            .filter(table -> isOfChosenFolder(table, tree))
            .collect(Collectors.partitioningBy(table -> isWanted(table.kind, settings)));
    if (!read.get(false).isEmpty()) {
      LOG.info(
          "[{}] not read: {}; --captions and --keypoints take them",
          tree.root(),
          read.get(false).stream().map(table -> table.file.name()).toList());
    }
    return Optional.of(new CocoLayout(hadoop, read.get(true)));
  }

  private static Optional<AnnotationTable> table(SourceFile file, Kind kind) {
    String folder = FileTree.folderOf(file.name());
    String name = file.lastName();
    boolean isOne =
        (folder.equals(FOLDER) || folder.endsWith("/" + FOLDER))
            && name.startsWith(kind.prefix)
            && name.endsWith(SUFFIX);
    if (!isOne) {
      return Optional.empty();
    }
    String base = folder.substring(0, folder.length() - FOLDER.length());
    String pictures = name.substring(kind.prefix.length(), name.length() - SUFFIX.length());
    return Optional.of(new AnnotationTable(file, kind, base + pictures));
  }

  /** A folder that is there, but of which no picture was chosen, needs no annotations. */
  private static boolean isOfChosenFolder(AnnotationTable table, FileTree tree) {
    return !tree.folders().contains(table.pictures)
        || tree.pictures().stream()
            .anyMatch(picture -> FileTree.folderOf(picture.name()).equals(table.pictures));
  }

  private static boolean isWanted(Kind kind, SourceSettings settings) {
    return switch (kind) {
      case INSTANCES -> true;
      case KEYPOINTS -> settings.keypoints();
      case CAPTIONS -> settings.captions();
    };
  }

  @Override
  public SourceListing list(FileTree tree, Workspace work) throws IOException {
    TreeMap<Integer, String> categories = new TreeMap<>();
    for (AnnotationTable table : tables) {
      if (table.kind == Kind.INSTANCES) {
        readCategories(table, categories);
      }
    }
    Map<Integer, Integer> indices = new HashMap<>();
    categories.keySet().forEach(id -> indices.put(id, indices.size()));
    try (AnnotationSorter sorter = new AnnotationSorter(work, tree.pictures())) {
      Join join = new Join(hadoop, tree, indices, sorter);
      for (AnnotationTable table : tables) {
        join.read(table);
      }
      join.report();
      return sorter.finish().listing(tree, List.copyOf(categories.values()));
    }
  }

  private void readCategories(AnnotationTable table, Map<Integer, String> categories)
      throws IOException {
    Set<Integer> own = new HashSet<>();
    boolean found =
        CocoFile.elements(
            hadoop,
            table.file,
            "categories",
            json -> {
              Named named = Named.read(json, "name");
              int id = Math.toIntExact(named.id);
              json.require(own.add(id), "category id must be unique but is there twice");
              String known = categories.putIfAbsent(id, named.name);
              json.require(
                  known == null || known.equals(named.name),
                  "category %d must be \"%s\" as in the other annotation files but is \"%s\""
                      .formatted(id, known, named.name));
            });
    if (!found) {
      throw new SourceException(
          "[%s] must have \"categories\" but has none".formatted(table.file.place()));
    }
  }

  /** An element with an id and a name. */
  private static final class Named {
    private long id = Long.MIN_VALUE;
    private String name;

    static Named read(CocoFile json, String nameField) throws IOException {
      Named named = new Named();
      json.fields(
          field -> {
            if (field.equals("id")) {
              named.id = json.wholeNumber();
              json.named(named.id);
            } else if (field.equals(nameField)) {
              named.name = json.text();
            } else {
              return false;
            }
            return true;
          });
      json.require(named.id != Long.MIN_VALUE, "must have \"id\" but has none");
      json.require(named.name != null, "must have \"" + nameField + "\" but has none");
      return named;
    }
  }

  /** Brings annotations to the pictures that they are about. */
  private static final class Join {
    private final Configuration hadoop;
    private final FileTree tree;
    private final Map<Integer, Integer> categories;
    private final AnnotationSorter sorter;
    private final PictureIndex pictures;
    private long named;
    private long absent;
    private String example = "";

    Join(
        Configuration hadoop,
        FileTree tree,
        Map<Integer, Integer> categories,
        AnnotationSorter sorter) {
      this.hadoop = hadoop;
      this.tree = tree;
      this.categories = categories;
      this.sorter = sorter;
      pictures = new PictureIndex(tree.pictures());
    }

    void read(AnnotationTable table) throws IOException {
      Map<Long, Integer> places = places(table);
      CocoFile.elements(
          hadoop,
          table.file,
          "annotations",
          json -> {
            CocoAnnotation annotation = CocoAnnotation.read(json);
            Integer place = places.get(annotation.image());
            json.require(
                place != null,
                "image_id %d must be the id of one of \"images\" but is not"
                    .formatted(annotation.image()));
            byte[] record = record(table.kind, annotation, json);
            if (place >= 0) {
              sorter.add(place, record);
            }
          });
    }

    private byte[] record(Kind kind, CocoAnnotation annotation, CocoFile json) {
      return switch (kind) {
        case INSTANCES -> {
          Integer index = categories.get(annotation.category(json));
          json.require(
              index != null,
              "category_id %d must be the id of one of \"categories\" but is not"
                  .formatted(annotation.category(json)));
          yield AnnotationCodec.object(annotation.id(), annotation.object(json, index));
        }
        case KEYPOINTS -> AnnotationCodec.keypoints(annotation.id(), annotation.keypoints(json));
        case CAPTIONS -> AnnotationCodec.caption(annotation.id(), annotation.caption(json));
      };
    }

    /** Places of the file's pictures by their ids; negative for those that are not there. */
    private Map<Long, Integer> places(AnnotationTable table) throws IOException {
      Map<Long, Integer> places = new HashMap<>();
      Set<Integer> taken = new HashSet<>();
      CocoFile.elements(
          hadoop,
          table.file,
          "images",
          json -> {
            Named image = Named.read(json, "file_name");
            int place = pictures.exact(table.pictures + "/" + image.name);
            if (place < 0) {
              place = pictures.byName(image.name);
            }
            json.require(
                places.put(image.id, place) == null, "image id must be unique but is there twice");
            json.require(
                place < 0 || taken.add(place),
                "file_name must be unique but %s is there twice".formatted(image.name));
            named++;
            if (place < 0) {
              absent++;
              example = example.isEmpty() ? image.name : example;
            }
          });
      return places;
    }

    void report() {
      if (absent == 0) {
        return;
      }
      if (absent == named) {
        throw new SourceException(
            "[%s] none of the %d pictures named in annotations/ is there, for example %s"
                .formatted(tree.root(), named, example));
      }
      LOG.warn(
          "[{}] {} pictures named in annotations/ are not there and are left out, for example {}",
          tree.root(),
          absent,
          example);
    }
  }
}
