package org.longmae.data.source;

import java.io.IOException;
import java.util.List;
import org.longmae.data.source.PictureFiles.File;

/**
 * A folder of pictures. If all of them lie exactly one level down, the sub-folders are classes in
 * alphabetical order, as in ImageNet's folder of synsets; else the pictures have no labels.
 */
public final class FolderSource implements PictureSource {
  private final PictureFiles files;

  FolderSource(PictureFiles files) {
    this.files = files;
  }

  @Override
  public SourceListing list() throws IOException {
    List<File> found = files.list();
    List<String> classNames = classNames(found);
    List<SourceEntry> entries =
        found.stream()
            .map(
                file -> {
                  int label =
                      classNames.isEmpty()
                          ? SourceEntry.NO_LABEL
                          : classNames.indexOf(folder(file.name()));
                  return new SourceEntry(file.path(), file.name(), file.bytes(), label, List.of());
                })
            .toList();
    return new SourceListing(entries, classNames);
  }

  private static List<String> classNames(List<File> files) {
    boolean oneLevelDown =
        files.stream().allMatch(file -> file.name().chars().filter(c -> c == '/').count() == 1);
    return oneLevelDown
        ? files.stream().map(file -> folder(file.name())).distinct().sorted().toList()
        : List.of();
  }

  private static String folder(String name) {
    return name.substring(0, name.indexOf('/'));
  }
}
