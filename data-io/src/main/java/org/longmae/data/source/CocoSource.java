package org.longmae.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.source.PictureFiles.File;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * COCO's layout: {@code annotations/instances_NAME.json} beside picture folders {@code NAME}. Where
 * there is no such folder, the file's pictures are looked for below the root by their names alone.
 *
 * <p>The pictures are those in the folders. One that no annotation file names has no objects; one
 * that is named but not there is left out and counted in the log, so that a part of COCO can be
 * used with the full annotations. Class names are the categories in the order of their ids. A
 * picture's label is the category of its main object, the one with the largest area; without
 * objects it has none.
 */
public final class CocoSource implements PictureSource {
  private static final Logger LOG = LoggerFactory.getLogger(CocoSource.class);
  private static final String PREFIX = "instances_";
  private static final String SUFFIX = ".json";

  private final PictureFiles files;

  CocoSource(PictureFiles files) {
    this.files = files;
  }

  static boolean isAt(FileSystem fs, Path root) throws IOException {
    return !instanceFiles(fs, root).isEmpty();
  }

  @Override
  public SourceListing list() throws IOException {
    List<File> pictures = files.list();
    Pictures byName = new Pictures(pictures);
    TreeMap<Integer, String> categories = new TreeMap<>();
    for (Path annotations : instanceFiles(files.fs(), files.root())) {
      CocoInstances instances = CocoInstances.read(files.fs(), annotations);
      merge(categories, instances.categories(), annotations);
      byName.add(folderOf(annotations), instances);
    }
    byName.report(files.root());
    List<Integer> ids = List.copyOf(categories.keySet());
    Map<Integer, Integer> indices = new HashMap<>();
    ids.forEach(id -> indices.put(id, indices.size()));
    return new SourceListing(
        pictures.stream().map(file -> entry(file, byName.objects(file), indices)).toList(),
        List.copyOf(categories.values()));
  }

  /** The pictures there are, and the objects that annotation files give them. */
  private static final class Pictures {
    private final Map<String, File> byName = new HashMap<>();
    private final Map<String, File> byLastName = new HashMap<>();
    private final Map<File, List<ObjectAnnotation>> objects = new HashMap<>();
    private final TreeSet<String> missing = new TreeSet<>();

    Pictures(List<File> pictures) {
      for (File picture : pictures) {
        byName.put(picture.name(), picture);
        byLastName.put(picture.name().substring(picture.name().lastIndexOf('/') + 1), picture);
      }
    }

    void add(String folder, CocoInstances instances) {
      instances
          .objects()
          .forEach(
              (name, own) -> {
                File found = byName.getOrDefault(folder + "/" + name, byLastName.get(name));
                if (found == null) {
                  missing.add(name);
                } else {
                  objects.computeIfAbsent(found, file -> new ArrayList<>()).addAll(own);
                }
              });
    }

    List<ObjectAnnotation> objects(File picture) {
      return objects.getOrDefault(picture, List.of());
    }

    void report(Path root) {
      if (missing.isEmpty()) {
        return;
      }
      if (objects.isEmpty()) {
        throw new SourceException(
            "[%s] none of the %d pictures named in annotations/ is there, for example %s"
                .formatted(root, missing.size(), missing.first()));
      }
      LOG.warn(
          "[{}] {} pictures named in annotations/ are not there and are left out, for example {}",
          root,
          missing.size(),
          missing.first());
    }
  }

  private static void merge(
      Map<Integer, String> categories, Map<Integer, String> more, Path annotations) {
    more.forEach(
        (id, name) -> {
          String known = categories.putIfAbsent(id, name);
          if (known != null && !known.equals(name)) {
            throw new SourceException(
                "[%s] category %d must be \"%s\" as in the other annotation files but was \"%s\""
                    .formatted(annotations, id, known, name));
          }
        });
  }

  private SourceEntry entry(
      File file, List<ObjectAnnotation> objects, Map<Integer, Integer> indices) {
    List<ObjectAnnotation> own =
        objects.stream().map(object -> indexed(file, object, indices)).toList();
    int label =
        own.stream()
            .max(Comparator.comparingDouble(ObjectAnnotation::area))
            .map(ObjectAnnotation::category)
            .orElse(SourceEntry.NO_LABEL);
    return new SourceEntry(file.path(), file.name(), file.bytes(), label, own);
  }

  private ObjectAnnotation indexed(
      File file, ObjectAnnotation object, Map<Integer, Integer> indices) {
    Integer index = indices.get(object.category());
    if (index == null) {
      throw new SourceException(
          "[%s] category %d of an object in %s must be one of \"categories\" but is not"
              .formatted(files.root(), object.category(), file.name()));
    }
    return new ObjectAnnotation(
        index,
        object.x(),
        object.y(),
        object.width(),
        object.height(),
        object.area(),
        object.crowd(),
        object.polygons(),
        object.rle());
  }

  private static String folderOf(Path annotations) {
    String name = annotations.getName();
    return name.substring(PREFIX.length(), name.length() - SUFFIX.length());
  }

  private static List<Path> instanceFiles(FileSystem fs, Path root) throws IOException {
    Path folder = new Path(root, "annotations");
    if (!fs.exists(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    for (var file : fs.listStatus(folder)) {
      String name = file.getPath().getName();
      if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
        found.add(file.getPath());
      }
    }
    found.sort(null);
    return found;
  }
}
