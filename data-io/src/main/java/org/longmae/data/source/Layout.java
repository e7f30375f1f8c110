package org.longmae.data.source;

import java.io.IOException;

/** A way in which a tree of files says what its pictures show. */
sealed interface Layout permits FolderLayout, LabelFileLayout, CocoLayout, OpenImagesLayout {
  /**
   * Gives every picture of the tree its label and annotations.
   *
   * @throws SourceException if labels or annotations contradict themselves or the pictures
   */
  SourceListing list(FileTree tree, Workspace work) throws IOException;
}
