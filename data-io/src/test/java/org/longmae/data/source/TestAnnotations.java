package org.longmae.data.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.TestPictures;
import org.longmae.data.archive.StoredFile;

/** Annotation files for tests of other packages. */
public final class TestAnnotations {
  private TestAnnotations() {}

  /** Writes the annotations of one picture into a file of their own. */
  public static StoredFile.Stretch write(FileSystem fs, Path file, List<ObjectAnnotation> objects)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ObjectAnnotation object : objects) {
      bytes.writeBytes(AnnotationCodec.object(bytes.size(), object));
    }
    TestPictures.write(fs, file, bytes.toByteArray());
    return new StoredFile.Stretch(file.toString(), 0, bytes.size());
  }
}
