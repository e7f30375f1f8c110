package org.longmae.data.image;

import static org.bytedeco.leptonica.global.leptonica.L_SEVERITY_NONE;
import static org.bytedeco.leptonica.global.leptonica.pixDestroy;
import static org.bytedeco.leptonica.global.leptonica.pixGetHeight;
import static org.bytedeco.leptonica.global.leptonica.pixGetWidth;
import static org.bytedeco.leptonica.global.leptonica.pixReadMemJpeg;
import static org.bytedeco.leptonica.global.leptonica.setMsgSeverity;

import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.leptonica.PIX;

/**
 * Reads all coded data of a JPEG and tells whether it is sound.
 *
 * <p>OpenCV hides what libjpeg complains of: it fills what it cannot decode with grey and reports
 * success. So an ordinary file is walked code by code ({@link SequentialJpeg}), which is the
 * fastest; whatever that is not sure of is read by Leptonica, which is over the same libjpeg-turbo
 * and refuses what it complains of. Leptonica is asked for an eighth of the size: all codes are
 * read, but only a 64th of the pixels is computed. What it refuses is read once more by the JDK,
 * for the reason. Changed bytes that still are valid codes are found by nobody.
 */
final class JpegVerifier {
  private static final int REDUCTION = 8;

  static {
    setMsgSeverity(L_SEVERITY_NONE);
  }

  private JpegVerifier() {}

  /**
   * Whether the coded data is sound; false if Leptonica does not know this kind of JPEG, so that
   * OpenCV must try.
   *
   * @throws UnreadablePictureException if it is damaged
   */
  static boolean isWhole(byte[] file, PictureHeader header) throws UnreadablePictureException {
    if (SequentialJpeg.isSound(file) || isReadByLeptonica(file, header)) {
      return true;
    }
    Optional<String> damage = JdkJpeg.damage(file);
    if (damage.isPresent()) {
      throw new UnreadablePictureException("damaged JPEG: " + damage.get());
    }
    return false;
  }

  static boolean isReadByLeptonica(byte[] file, PictureHeader header) {
    try (BytePointer bytes = new BytePointer(file);
        IntPointer warnings = new IntPointer(1)) {
      PIX pixels = pixReadMemJpeg(bytes, file.length, 0, REDUCTION, warnings, 0);
      if (pixels == null || pixels.isNull()) {
        return false;
      }
      int width = pixGetWidth(pixels);
      int height = pixGetHeight(pixels);
      pixDestroy(pixels);
      return width == reduced(header.width()) && height == reduced(header.height());
    }
  }

  private static int reduced(int side) {
    return (side + REDUCTION - 1) / REDUCTION;
  }
}
