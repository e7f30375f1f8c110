package org.longmae.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The JDK's JPEG reader: slow, but it passes on in words what libjpeg complains of. */
final class JdkJpeg {
  private static final String DAMAGE = "Corrupt JPEG data: ";
  private static final int STEP = 8;

  private JdkJpeg() {}

  /** The first complaint that means lost pixels; bytes too many between segments are harmless. */
  static Optional<String> damage(byte[] file) {
    return complaints(file).stream()
        .filter(text -> text.startsWith(DAMAGE) || text.startsWith("Truncated"))
        .filter(text -> !text.contains("extraneous bytes"))
        .map(text -> text.replace(DAMAGE, ""))
        .findFirst();
  }

  private static List<String> complaints(byte[] file) {
    List<String> complaints = new ArrayList<>();
    ImageReader reader = reader();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.addIIOReadWarningListener((source, warning) -> complaints.add(warning));
      reader.setInput(in);
      ImageReadParam few = reader.getDefaultReadParam();
      few.setSourceSubsampling(STEP, STEP, 0, 0);
      reader.readRaster(0, few);
    } catch (IOException e) {
      // It does not know all kinds that others read.
      if (!e.getMessage().startsWith("Unsupported") && !e.getMessage().startsWith("Not a JPEG")) {
        complaints.add(DAMAGE + e.getMessage());
      }
    } catch (RuntimeException e) {
      // Its metadata code stumbles over what the pixels do not need; the complaints are enough.
      return complaints;
    } finally {
      reader.dispose();
    }
    return complaints;
  }

  private static ImageReader reader() {
    for (Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName("jpeg"); all.hasNext(); ) {
      ImageReader reader = all.next();
      if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
        return reader;
      }
    }
    throw new IllegalStateException("every JDK must read JPEG");
  }
}
