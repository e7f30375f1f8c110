package org.longmae.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The picture files below a folder, chosen by extension; what is in them is looked at when shards
 * are made. Names that begin with a dot or an underscore are passed over, as Hadoop does it.
 *
 * @param root fully qualified
 */
record PictureFiles(FileSystem fs, Path root) {
  private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "bmp", "webp");

  /**
   * One picture file.
   *
   * @param name relative to the root
   */
  record File(String path, String name, long bytes) {}

  /**
   * The files below a folder.
   *
   * @throws SourceException if it is missing or not a folder
   */
  static PictureFiles under(FileSystem fs, Path root) throws IOException {
    Path qualified = fs.makeQualified(root);
    if (!fs.exists(qualified)) {
      throw new SourceException("[" + qualified + "] folder does not exist");
    }
    if (!fs.getFileStatus(qualified).isDirectory()) {
      throw new SourceException("[" + qualified + "] must be a folder but is a file");
    }
    return new PictureFiles(fs, qualified);
  }

  /**
   * All of them, sorted by path.
   *
   * @throws SourceException if there are none
   */
  List<File> list() throws IOException {
    List<File> found = new ArrayList<>();
    add(root, found);
    if (found.isEmpty()) {
      throw new SourceException(
          "[%s] no pictures (%s) found"
              .formatted(root, String.join(", ", EXTENSIONS.stream().sorted().toList())));
    }
    found.sort(Comparator.comparing(File::path));
    return found;
  }

  /**
   * Folder by folder: Hadoop's own recursive listing asks for the owner of each file, for which its
   * local file system starts a process.
   */
  private void add(Path folder, List<File> found) throws IOException {
    for (FileStatus status : fs.listStatus(folder)) {
      Path path = status.getPath();
      if (path.getName().startsWith(".") || path.getName().startsWith("_")) {
        continue;
      }
      if (status.isDirectory()) {
        add(path, found);
      } else if (isPicture(path.getName())) {
        String name = path.toString().substring(root.toString().length());
        found.add(new File(path.toString(), name.replaceFirst("^/", ""), status.getLen()));
      }
    }
  }

  private static boolean isPicture(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return EXTENSIONS.contains(extension.toLowerCase(Locale.ROOT));
  }
}
