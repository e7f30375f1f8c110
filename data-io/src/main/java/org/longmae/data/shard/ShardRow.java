package org.longmae.data.shard;

import java.io.Serializable;
import java.util.List;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.PictureAnnotations;

/**
 * One picture of a shard.
 *
 * @param id sample id, unique in the shard set
 * @param image the picture's file, byte for byte; not copied, not to be changed; empty if it was
 *     not asked for
 * @param path relative to the source's root; empty without the picture
 * @param label index into the manifest's class names; -1 without
 * @param width pixels a row of the decoded picture, after its EXIF turn
 * @param height rows of the decoded picture
 * @param sha256 of {@code image}, in hex
 * @param annotations objects, captions, labels; nothing if they were not asked for
 */
public record ShardRow(
    long id,
    byte[] image,
    String path,
    int label,
    int width,
    int height,
    String sha256,
    PictureAnnotations annotations)
    implements Serializable {
  /** The annotated objects. */
  public List<ObjectAnnotation> objects() {
    return annotations.objects();
  }
}
