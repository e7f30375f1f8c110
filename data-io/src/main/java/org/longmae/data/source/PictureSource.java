package org.longmae.data.source;

import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.archive.ArchiveKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A place with pictures: a folder or an archive, in one of the known layouts. */
public final class PictureSource {
  private static final Logger LOG = LoggerFactory.getLogger(PictureSource.class);

  private final FileSystem fs;
  private final Path root;
  private final SourceSettings settings;

  private PictureSource(FileSystem fs, Path root, SourceSettings settings) {
    this.fs = fs;
    this.root = root;
    this.settings = settings;
  }

  /**
   * Looks at a path, without listing it.
   *
   * @throws SourceException if there is nothing at the path, or no picture and no archive below it,
   *     or the settings contradict each other
   */
  public static PictureSource at(FileSystem fs, Path root, SourceSettings settings)
      throws IOException {
    SourceFormat format = settings.format();
    boolean ownLabels = format == SourceFormat.COCO || format == SourceFormat.OPEN_IMAGES;
    if (ownLabels && !settings.labels().isEmpty()) {
      throw new SourceException(
          "--labels must not be given with --format %s, which has labels of its own"
              .formatted(format));
    }
    Path qualified = fs.makeQualified(root);
    if (!fs.exists(qualified)) {
      throw new SourceException("[" + qualified + "] folder does not exist");
    }
    FileStatus status = fs.getFileStatus(qualified);
    if (!status.isDirectory() && ArchiveKind.of(qualified.getName()).isEmpty()) {
      throw new SourceException(
          "[%s] must be a folder or an archive (tar, tar.gz, tgz, zip) but is another file"
              .formatted(qualified));
    }
    if (status.isDirectory() && !FileTree.anything(fs, qualified)) {
      throw FileTree.nothingFound(qualified);
    }
    return new PictureSource(fs, qualified, settings);
  }

  /**
   * Lists all pictures, sorted by name, without opening them. Annotations are read as a stream and
   * left in the workspace, sorted by picture, and compressed archives are decompressed there; the
   * entries refer to both.
   *
   * @throws SourceException if there are none, or labels or annotations contradict themselves
   */
  public SourceListing list(Workspace work) throws IOException {
    FileTree tree = FileTree.of(fs, root, settings, work);
    Layout layout = layout(tree);
    SourceListing listing = layout.list(tree, work);
    LOG.info(
        "[{}] {}: {} pictures, {} classes, {} left out",
        root,
        layout.getClass().getSimpleName().replace("Layout", "").toLowerCase(Locale.ROOT),
        listing.entries().size(),
        listing.classNames().size(),
        listing.leftOut().size());
    return listing;
  }

  private Layout layout(FileTree tree) throws IOException {
    SourceFormat format = settings.format();
    if (!settings.labels().isEmpty()) {
      return new LabelFileLayout(fs.getConf(), new Path(settings.labels()));
    }
    return switch (format) {
      case FOLDER -> new FolderLayout(false);
      case IMAGENET -> new FolderLayout(true);
      case COCO -> CocoLayout.in(tree, fs.getConf(), settings).orElseThrow(() -> noCoco(tree));
      case OPEN_IMAGES ->
          OpenImagesLayout.in(tree, fs.getConf()).orElseThrow(() -> noOpenImages(tree));
      case AUTO -> {
        var coco = CocoLayout.in(tree, fs.getConf(), settings);
        if (coco.isPresent()) {
          yield coco.get();
        }
        var openImages = OpenImagesLayout.in(tree, fs.getConf());
        yield openImages.isPresent() ? openImages.get() : new FolderLayout(false);
      }
    };
  }

  private static SourceException noCoco(FileTree tree) {
    return missing(tree, "COCO's annotations/instances_*.json");
  }

  private static SourceException noOpenImages(FileTree tree) {
    return missing(tree, "Open Images' tables (CSV with ImageID and LabelName)");
  }

  private static SourceException missing(FileTree tree, String wanted) {
    return new SourceException(
        "[%s] must have %s but has none; there are %d pictures and %d JSON or CSV files%s"
            .formatted(
                tree.root(),
                wanted,
                tree.pictures().size(),
                tree.tables().size(),
                tree.tables().isEmpty() ? "" : ", for example " + tree.tables().get(0).name()));
  }
}
