package org.longmae.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.DataConfig;
import org.longmae.data.TestShards;

/**
 * The 90 odd and broken JPEG files that TwelveMonkeys collected from its users: each is either
 * decoded as TwelveMonkeys' own reader does it, or refused for a reason that is true of it.
 */
class OddJpegsTest {
  /** Why files are refused, by their names: no reader but one of lossless JPEG reads them. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("broken-jpeg/(\\d|broken-(adobe|no-sof)).*", "truncated JPEG: no end-of-image"),
          Map.entry(
              "broken-jpeg/broken-(bogus-data|sos-before).*", "broken JPEG: no frame header (SOF)"),
          Map.entry("broken-jpeg/broken-bogus-segment.*", "damaged JPEG: Bogus marker length"),
          Map.entry("jpeg-lossless/.*", "unsupported JPEG: must be baseline or progressive of 8"),
          Map.entry("jpeg/0x00-to-0xFF-between-segments.*", "not a picture: OpenCV cannot decode"));

  /** Mean difference in grey levels of two decoders. */
  private static final double TOLERANCE = 2;

  /** Of two conversions of inks, neither by a profile, and one more encoding. */
  private static final double TOLERANCE_OF_INKS = 5;

  @Test
  void eachIsDecodedRightlyOrRefusedForATrueReason() throws IOException {
    Map<String, byte[]> files = files();
    assertThat(files).hasSize(90);
    List<String> wrong = new ArrayList<>();
    int refused = 0;
    for (String name : files.keySet()) {
      String expected =
          REFUSED.keySet().stream().filter(name::matches).findFirst().map(REFUSED::get).orElse("");
      try {
        PreparedPicture prepared = prepare(files.get(name));
        if (!expected.isEmpty()) {
          wrong.add(name + " should be refused");
        } else if (!name.startsWith("exif/")) {
          double difference = difference(decoded(prepared), read(withoutProfile(files.get(name))));
          if (difference > (prepared.encodedAgain() ? TOLERANCE_OF_INKS : TOLERANCE)) {
            wrong.add(name + " differs by " + difference);
          }
        }
      } catch (UnreadablePictureException e) {
        refused++;
        if (expected.isEmpty() || !e.getMessage().startsWith(expected)) {
          wrong.add(name + " was refused: " + e.getMessage());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(refused).isEqualTo(22);
  }

  /** Eight ways to store a picture, and one without EXIF: upright they are the same. */
  @ParameterizedTest
  @ValueSource(strings = {"Landscape", "Portrait"})
  void theEightOrientationsShowTheSamePicture(String name)
      throws IOException, UnreadablePictureException {
    Map<String, byte[]> files = files();
    Picture upright = PictureCodec.decode(files.get("exif/" + name + "_1.jpg"));
    for (int orientation = 0; orientation <= 8; orientation++) {
      PreparedPicture prepared = prepare(files.get("exif/" + name + "_" + orientation + ".jpg"));

      assertThat(prepared.encodedAgain()).isEqualTo(orientation > 1);
      assertThat(difference(decoded(prepared), image(upright))).isLessThan(6);
    }
  }

  private static Picture decoded(PreparedPicture prepared) throws UnreadablePictureException {
    Picture picture = PictureCodec.decode(prepared.bytes());
    assertThat(picture.width()).isEqualTo(prepared.width());
    assertThat(picture.height()).isEqualTo(prepared.height());
    return picture;
  }

  /** Mean difference of grey levels over a grid of pixels. */
  private static double difference(Picture ours, BufferedImage theirs) {
    assertThat(ours.width()).isEqualTo(theirs.getWidth());
    assertThat(ours.height()).isEqualTo(theirs.getHeight());
    boolean grey = theirs.getRaster().getNumBands() == 1;
    byte[] rgb = ours.rgb();
    long sum = 0;
    long count = 0;
    int step = Math.max(1, ours.width() / 64);
    for (int y = 0; y < ours.height(); y += step) {
      for (int x = 0; x < ours.width(); x += step) {
        // Java takes grey levels for linear light and would brighten them.
        int pixel = grey ? theirs.getRaster().getSample(x, y, 0) * 0x10101 : theirs.getRGB(x, y);
        int at = 3 * (y * ours.width() + x);
        for (int c = 0; c < 3; c++) {
          sum += Math.abs((rgb[at + c] & 0xff) - (pixel >> (16 - 8 * c) & 0xff));
          count++;
        }
      }
    }
    return (double) sum / count;
  }

  private static BufferedImage image(Picture picture) {
    var image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = picture.rgb();
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      int pixel = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff;
      image.setRGB(i % picture.width(), i / picture.width(), pixel);
    }
    return image;
  }

  /** TwelveMonkeys converts by a file's colour profile, which nobody who trains does. */
  private static byte[] withoutProfile(byte[] jpeg) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    kept.write(jpeg, 0, 2);
    int at = 2;
    while (jpeg[at] == (byte) 0xff && jpeg[at + 1] != (byte) 0xda) {
      int length = 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
      if (jpeg[at + 1] == (byte) 0xff) {
        length = 1;
      } else if (jpeg[at + 1] != (byte) 0xe2) {
        kept.write(jpeg, at, length);
      }
      at += length;
    }
    kept.write(jpeg, at, jpeg.length - at);
    return kept.toByteArray();
  }

  private static BufferedImage read(byte[] file) throws IOException {
    for (Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName("jpeg"); all.hasNext(); ) {
      ImageReader reader = all.next();
      if (reader.getClass().getName().startsWith("com.twelvemonkeys.")) {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
          reader.setInput(in);
          return reader.read(0);
        } finally {
          reader.dispose();
        }
      }
    }
    throw new IllegalStateException("TwelveMonkeys' reader must be there");
  }

  static TreeMap<String, byte[]> files() throws IOException {
    URL one = OddJpegsTest.class.getResource("/jpeg/cmyk-sample.jpg");
    TreeMap<String, byte[]> files = new TreeMap<>();
    try (JarFile jar = ((JarURLConnection) one.openConnection()).getJarFile()) {
      for (Iterator<JarEntry> all = jar.entries().asIterator(); all.hasNext(); ) {
        JarEntry entry = all.next();
        if (entry.getName().matches("(?i).*\\.jpe?g")) {
          try (InputStream in = jar.getInputStream(entry)) {
            files.put(entry.getName(), in.readAllBytes());
          }
        }
      }
    }
    return files;
  }

  private static PreparedPicture prepare(byte[] file) throws UnreadablePictureException {
    DataConfig config = TestShards.data();
    return new PicturePreparation(config.prepare(), config.limits()).prepare(file);
  }
}
