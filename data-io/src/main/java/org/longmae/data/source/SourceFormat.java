package org.longmae.data.source;

/** The layouts that sources have. */
public enum SourceFormat {
  /** What is found: COCO's annotations, Open Images' tables, else a folder. */
  AUTO("auto"),
  /** Pictures in folders; the folders are classes if there is one folder level of them. */
  FOLDER("folder"),
  /** Folders named by synsets, {@code n01440764}, or a flat folder with a file of labels. */
  IMAGENET("imagenet"),
  /** {@code annotations/instances_NAME.json} beside picture folders {@code NAME}. */
  COCO("coco"),
  /** CSV tables of boxes, labels and class names beside pictures named by their ids. */
  OPEN_IMAGES("open-images");

  private final String text;

  SourceFormat(String text) {
    this.text = text;
  }

  /** As users type it. */
  @Override
  public String toString() {
    return text;
  }
}
