package org.longmae.data.source;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Pictures in folders. If all of them lie in folders at one depth, side by side or below {@code
 * train}, {@code val} or {@code test}, the folders are classes in alphabetical order: ImageNet's
 * synsets, CIFAR's classes. Else, and where there is only one folder, pictures have no labels.
 *
 * @param synsets whether the classes must be ImageNet's
 */
record FolderLayout(boolean synsets) implements Layout {
  private static final Set<String> SPLITS = Set.of("train", "val", "valid", "validation", "test");
  private static final Pattern SYNSET = Pattern.compile("n\\d{8}");

  @Override
  public SourceListing list(FileTree tree, Workspace work) {
    List<String> classNames = classNames(tree);
    Map<String, Integer> indices = new HashMap<>();
    classNames.forEach(name -> indices.put(name, indices.size()));
    List<SourceEntry> entries =
        tree.pictures().stream()
            .map(
                picture ->
                    new SourceEntry(
                        picture.origin(),
                        picture.name(),
                        picture.file(),
                        indices.getOrDefault(lastFolder(picture.name()), SourceEntry.NO_LABEL),
                        SourceEntry.NO_ANNOTATIONS))
            .toList();
    return new SourceListing(entries, classNames, tree.leftOut());
  }

  private List<String> classNames(FileTree tree) {
    TreeSet<String> folders = new TreeSet<>();
    tree.pictures().forEach(picture -> folders.add(FileTree.folderOf(picture.name())));
    List<String> names = folders.stream().map(FolderLayout::last).distinct().sorted().toList();
    if (synsets) {
      requireSynsets(tree, names);
      return names;
    }
    return areClasses(folders, names) ? names : List.of();
  }

  private static boolean areClasses(Set<String> folders, List<String> names) {
    Set<String> above = new TreeSet<>();
    folders.forEach(folder -> above.add(FileTree.folderOf(folder)));
    boolean oneDepth = folders.stream().mapToLong(FolderLayout::depth).distinct().count() == 1;
    boolean sideBySide =
        above.size() == 1 || SPLITS.containsAll(above.stream().map(FolderLayout::last).toList());
    return oneDepth
        && sideBySide
        && !folders.contains("")
        && names.size() > 1
        && !SPLITS.containsAll(names);
  }

  private static void requireSynsets(FileTree tree, List<String> names) {
    for (String name : names) {
      if (!SYNSET.matcher(name).matches()) {
        throw new SourceException(
            ("[%s] ImageNet's pictures must lie in folders or tars named by synsets such as"
                    + " n01440764, or have --labels FILE, but there is the folder \"%s\"")
                .formatted(tree.root(), name));
      }
    }
  }

  private static long depth(String folder) {
    return folder.chars().filter(c -> c == '/').count();
  }

  private static String lastFolder(String name) {
    return last(FileTree.folderOf(name));
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
