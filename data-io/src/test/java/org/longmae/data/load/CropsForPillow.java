package org.longmae.data.load;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.longmae.conf.Randomness;
import org.longmae.data.image.Crops;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.image.Region;
import org.longmae.data.image.UnreadablePictureException;

/**
 * Cuts and resizes a crop of every JPEG below a folder, for docs/peers/pillow_compare.py to do the
 * same: {@code CropsForPillow FOLDER SIZE GAP OUT}. GAP is how many times the wanted size a decoder
 * that reduces must leave; writes OUT.raw, the pixels, and OUT.txt, a line a crop.
 */
public final class CropsForPillow {
  private CropsForPillow() {}

  /** Cuts. */
  public static void main(String[] arguments) throws IOException, UnreadablePictureException {
    int size = Integer.parseInt(arguments[1]);
    double gap = Double.parseDouble(arguments[2]);
    try (Stream<Path> files = Files.walk(Path.of(arguments[0]));
        PrintWriter index = new PrintWriter(arguments[3] + ".txt", StandardCharsets.UTF_8);
        OutputStream out =
            new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[3] + ".raw")))) {
      List<Path> jpegs =
          files.filter(file -> file.toString().matches("(?i).*\\.jpe?g")).sorted().toList();
      for (int i = 0; i < jpegs.size(); i++) {
        byte[] jpeg = Files.readAllBytes(jpegs.get(i));
        Picture whole = PictureCodec.decode(jpeg);
        var random = new Randomness(1).stream(Randomness.Purpose.AUGMENT, 0, i);
        Region crop = Crops.randomResized(whole.width(), whole.height(), 0.2, random);
        int reduction = 8;
        while (reduction > 1 && Math.min(crop.width(), crop.height()) < gap * reduction * size) {
          reduction /= 2;
        }
        out.write(PictureCodec.decodeRegion(jpeg, 3, crop, reduction, size, size).pixels());
        index.printf(
            "%s\t%d\t%d\t%d\t%d\t%d%n",
            jpegs.get(i), crop.x(), crop.y(), crop.width(), crop.height(), reduction);
      }
    }
  }
}
