package org.longmae.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.archive.ArchiveException;
import org.longmae.data.archive.ArchiveKind;
import org.longmae.data.archive.EntryVisitor;
import org.longmae.data.archive.Gunzip;
import org.longmae.data.archive.StoredFile;

/**
 * The files below a root, chosen by extension, with archives looked into as if they were unpacked
 * in place; an archive whose entries have no folder unpacks into one of its own name. Names with a
 * segment that begins with a dot or an underscore are passed over, as Hadoop does it.
 *
 * @param pictures sorted by name, each name once
 * @param tables JSON and CSV files, sorted by name
 * @param folders all folders that directly hold pictures, before any were chosen
 * @param leftOut pictures in archives that are not taken
 */
record FileTree(
    Path root,
    List<SourceFile> pictures,
    List<SourceFile> tables,
    Set<String> folders,
    List<LeftOut> leftOut) {
  private static final Set<String> PICTURES = Set.of("jpg", "jpeg", "png", "bmp", "webp");
  private static final Set<String> TABLES = Set.of("json", "csv");

  /**
   * Reads all listings there are.
   *
   * @param root fully qualified
   * @throws SourceException if no pictures are chosen, or an archive is damaged or beyond a limit
   */
  static FileTree of(FileSystem fs, Path root, SourceSettings settings, Workspace work)
      throws IOException {
    Reader reader = new Reader(fs, root, settings);
    try {
      reader.addRoot();
      reader.addCompressed(work);
    } catch (ArchiveException e) {
      throw new SourceException(e.getMessage(), e);
    }
    return reader.tree();
  }

  /** Whether there is any picture or archive; stops at the first. */
  static boolean anything(FileSystem fs, Path folder) throws IOException {
    List<Path> below = new ArrayList<>();
    for (FileStatus status : fs.listStatus(folder)) {
      String name = status.getPath().getName();
      if (isHidden(name)) {
        continue;
      }
      if (status.isDirectory()) {
        below.add(status.getPath());
      } else if (has(name, PICTURES) || ArchiveKind.of(name).isPresent()) {
        return true;
      }
    }
    for (Path path : below) {
      if (anything(fs, path)) {
        return true;
      }
    }
    return false;
  }

  /** What a folder without pictures is told. */
  static SourceException nothingFound(Path root) {
    return new SourceException(
        "[%s] no pictures (%s) and no archives (tar, tar.gz, tgz, zip) found"
            .formatted(root, String.join(", ", PICTURES.stream().sorted().toList())));
  }

  /** The folder that a name lies in; empty at the root. */
  static String folderOf(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? "" : name.substring(0, slash);
  }

  private static boolean has(String name, Set<String> extensions) {
    return extensions.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  private static boolean isHidden(String segment) {
    return segment.startsWith(".") || segment.startsWith("_");
  }

  /** Collects. */
  private static final class Reader {
    private final FileSystem fs;
    private final Path root;
    private final SourceSettings settings;
    private final List<SourceFile> pictures = new ArrayList<>();
    private final List<SourceFile> tables = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final List<Compressed> compressed = new ArrayList<>();

    /** An archive that has to become a tar first. */
    private record Compressed(FileStatus status, ArchiveKind kind, String folder) {}

    Reader(FileSystem fs, Path root, SourceSettings settings) {
      this.fs = fs;
      this.root = root;
      this.settings = settings;
    }

    void addRoot() throws IOException {
      FileStatus status = fs.getFileStatus(root);
      if (status.isDirectory()) {
        addFolder(root);
      } else {
        ArchiveKind kind = ArchiveKind.of(root.getName()).orElseThrow();
        addArchive(status, kind, "", "");
      }
    }

    /**
     * Folder by folder: Hadoop's own recursive listing asks for the owner of each file, for which
     * its local file system starts a process.
     */
    private void addFolder(Path folder) throws IOException {
      for (FileStatus status : fs.listStatus(folder)) {
        Path path = status.getPath();
        if (isHidden(path.getName())) {
          continue;
        }
        if (status.isDirectory()) {
          addFolder(path);
          continue;
        }
        String name = path.toString().substring(root.toString().length()).replaceFirst("^/", "");
        var kind = ArchiveKind.of(name);
        if (kind.isPresent()) {
          String above = name.contains("/") ? folderOf(name) + "/" : "";
          addArchive(status, kind.get(), above, kind.get().stem(name) + "/");
        } else {
          String full = path.toString();
          add(new SourceFile(full, name, new StoredFile.Whole(full, status.getLen())));
        }
      }
    }

    private void addArchive(FileStatus status, ArchiveKind kind, String above, String own)
        throws IOException {
      if (kind.isGzip()) {
        compressed.add(new Compressed(status, kind, own));
      } else {
        kind.list(
            fs,
            status.getPath(),
            settings.archives(),
            visitor(status.getPath().toString(), above, own));
      }
    }

    /** All at once, since they take long and are independent. */
    void addCompressed(Workspace work) throws IOException {
      List<Gunzip> tasks = new ArrayList<>();
      for (Compressed archive : compressed) {
        String path = archive.status.getPath().toString();
        tasks.add(new Gunzip(path, unpacked(work, archive).toString(), settings.archives()));
      }
      if (!tasks.isEmpty()) {
        work.unpacker().run(tasks);
      }
      for (Compressed archive : compressed) {
        String above = archive.folder.isEmpty() ? "" : parent(archive.folder);
        ArchiveKind.TAR.list(
            work.fs(),
            unpacked(work, archive),
            settings.archives(),
            visitor(archive.status.getPath().toString(), above, archive.folder));
      }
    }

    private static String parent(String folder) {
      String above = folderOf(folder.substring(0, folder.length() - 1));
      return above.isEmpty() ? "" : above + "/";
    }

    private static Path unpacked(Workspace work, Compressed archive) {
      FileStatus status = archive.status;
      return work.unpacked(
          status.getPath().toString(), status.getLen(), status.getModificationTime());
    }

    private EntryVisitor visitor(String origin, String above, String own) {
      return new EntryVisitor() {
        @Override
        public void file(String name, StoredFile file) {
          add(new SourceFile(origin, (name.contains("/") ? above : own) + name, file));
        }

        @Override
        public void leftOut(String name, String reason) {
          // Names that were too long to be shown have lost their extension.
          if (has(name, PICTURES) || name.endsWith("…") || ArchiveKind.of(name).isPresent()) {
            leftOut.add(new LeftOut(origin + "!/" + name, reason));
          }
        }
      };
    }

    private void add(SourceFile file) {
      String name = file.name();
      for (String segment : name.split("/")) {
        if (isHidden(segment)) {
          return;
        }
      }
      if (has(name, PICTURES)) {
        pictures.add(file);
      } else if (has(name, TABLES)) {
        tables.add(file);
      } else if (ArchiveKind.of(name).isPresent()) {
        leftOut.add(
            new LeftOut(
                file.place(),
                "is an archive in an archive; only tars in an uncompressed tar are"
                    + " looked into"));
      }
    }

    FileTree tree() {
      // By origin too: which of two files of one name is the first must not hang on the file
      // system.
      pictures.sort(Comparator.comparing(SourceFile::name).thenComparing(SourceFile::origin));
      tables.sort(Comparator.comparing(SourceFile::name));
      Set<String> folders = new TreeSet<>();
      List<SourceFile> chosen = new ArrayList<>();
      String last = "";
      for (SourceFile picture : pictures) {
        String folder = folderOf(picture.name());
        folders.add(folder);
        if (picture.name().equals(last)) {
          leftOut.add(new LeftOut(picture.place(), "name is there twice; the first one is taken"));
        } else if (isChosen(folder)) {
          chosen.add(picture);
        }
        last = picture.name();
      }
      requireSome(chosen, folders);
      leftOut.sort(Comparator.comparing(LeftOut::place).thenComparing(LeftOut::reason));
      return new FileTree(root, chosen, List.copyOf(tables), folders, leftOut);
    }

    private boolean isChosen(String folder) {
      return settings.folders().isEmpty()
          || settings.folders().stream()
              .anyMatch(name -> folder.equals(name) || folder.startsWith(name + "/"));
    }

    private void requireSome(List<SourceFile> chosen, Set<String> folders) {
      if (pictures.isEmpty()) {
        if (leftOut.isEmpty()) {
          throw nothingFound(root);
        }
        LeftOut first = leftOut.get(0);
        throw new SourceException(
            "[%s] no pictures can be read; %d were left out, for example %s: %s"
                .formatted(root, leftOut.size(), first.place(), first.reason()));
      }
      for (String wanted : settings.folders()) {
        if (folders.stream().noneMatch(f -> f.equals(wanted) || f.startsWith(wanted + "/"))) {
          throw new SourceException(
              "[%s] --folders must name folders with pictures but \"%s\" has none; there are: %s"
                  .formatted(root, wanted, some(folders)));
        }
      }
      if (chosen.isEmpty()) {
        throw nothingFound(root);
      }
    }

    private static String some(Set<String> folders) {
      String text = String.join(", ", folders.stream().limit(10).toList());
      return folders.size() > 10 ? text + ", … (" + folders.size() + " in all)" : text;
    }
  }
}
