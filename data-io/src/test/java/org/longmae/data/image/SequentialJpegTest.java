package org.longmae.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_OPTIMIZE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_411;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_422;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_440;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_444;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.longmae.conf.Randomness;
import org.longmae.data.TestPictures;
import org.longmae.data.scenes.Scenes;

/**
 * The walk over codes beside libjpeg: what it calls sound, Leptonica must read without a complaint,
 * or damaged pictures would get into shards that were found before it was there.
 */
class SequentialJpegTest {
  private static final int DAMAGES = Integer.getInteger("longmae.damages", 600);

  @Test
  void soundFilesOfEveryOrdinaryKindAreKnownToBe() {
    for (byte[] jpeg : ordinary()) {
      assertThat(SequentialJpeg.isSound(jpeg)).isTrue();
      assertThat(isReadByLeptonica(jpeg)).isTrue();
    }
  }

  /** Sizes that are no multiple of a unit have blocks that are not seen but coded. */
  @Test
  void picturesOfAnySizeAreKnownToBeSound() {
    for (int side = 1; side < 40; side++) {
      byte[] jpeg = PictureCodec.jpeg(TestPictures.formula(side, 41 - side), 75);
      assertThat(SequentialJpeg.isSound(jpeg)).as("%d×%d", side, 41 - side).isTrue();
    }
  }

  @Test
  void otherKindsAreLeftToLibjpeg() {
    Picture picture = TestPictures.formula(40, 30);
    assertThat(SequentialJpeg.isSound(encode(picture, CV_8UC3, IMWRITE_JPEG_PROGRESSIVE, 1)))
        .isFalse();
    assertThat(SequentialJpeg.isSound(new byte[0])).isFalse();
    assertThat(SequentialJpeg.isSound(PictureCodec.png(picture))).isFalse();
  }

  @Test
  void bytesThatNoCodeAsksForAreLeftToLibjpeg() {
    byte[] jpeg = PictureCodec.jpeg(TestPictures.formula(40, 30), 75);
    byte[] longer = Arrays.copyOf(jpeg, jpeg.length + 1);
    System.arraycopy(jpeg, jpeg.length - 2, longer, longer.length - 2, 2);
    longer[jpeg.length - 2] = 0x55;

    assertThat(SequentialJpeg.isSound(longer)).isFalse();
  }

  @Test
  void libjpegReadsWhateverIsCalledSound() {
    Random random = new Random(11);
    int sound = 0;
    for (byte[] jpeg : ordinary()) {
      for (int i = 0; i < DAMAGES; i++) {
        byte[] damaged = damage(jpeg, i % 6, random);
        if (SequentialJpeg.isSound(damaged)) {
          sound++;
          assertThat(isReadByLeptonica(damaged)).as("damage %d", i).isTrue();
        }
      }
    }
    // Changed bits of coefficients, quantization tables and comments.
    assertThat(sound).isBetween(1, ordinary().size() * DAMAGES / 2);
  }

  @Test
  void libjpegReadsThoseOfTheOddFilesThatAreCalledSound() throws IOException {
    int sound = 0;
    for (byte[] file : OddJpegsTest.files().values()) {
      if (SequentialJpeg.isSound(file)) {
        sound++;
        assertThat(isReadByLeptonica(file)).isTrue();
      }
    }
    assertThat(sound).isPositive();
  }

  private static boolean isReadByLeptonica(byte[] file) {
    try {
      return JpegVerifier.isReadByLeptonica(file, JpegStructure.read(file));
    } catch (UnreadablePictureException e) {
      return false;
    }
  }

  private static byte[] damage(byte[] jpeg, int kind, Random random) {
    byte[] file = jpeg.clone();
    int place = 2 + random.nextInt(file.length - 4);
    int run = Math.min(1 + random.nextInt(40), file.length - 2 - place);
    switch (kind) {
      case 0:
        file[place] ^= (byte) (1 << random.nextInt(8));
        return file;
      case 1:
        file[random.nextInt(Math.min(file.length, 640))] = (byte) random.nextInt(256);
        return file;
      case 2:
        Arrays.fill(file, place, place + run, (byte) (random.nextBoolean() ? 0 : 0xff));
        return file;
      case 3:
        for (int i = place; i < place + run; i++) {
          file[i] = (byte) random.nextInt(256);
        }
        return file;
      case 4:
        // A run is missing.
        System.arraycopy(jpeg, place + run, file, place, file.length - place - run);
        return Arrays.copyOf(file, file.length - run);
      default:
        // A run is there twice.
        byte[] longer = Arrays.copyOf(jpeg, jpeg.length + run);
        System.arraycopy(jpeg, place, longer, place + run, jpeg.length - place);
        return longer;
    }
  }

  private static List<byte[]> ordinary() {
    List<byte[]> files = new ArrayList<>();
    Picture scene = Scenes.render(new Randomness(3), 1, 96, 72).picture();
    for (int quality : new int[] {20, 75, 95, 100}) {
      files.add(encode(scene, CV_8UC3, IMWRITE_JPEG_QUALITY, quality));
    }
    for (int sampling :
        new int[] {
          IMWRITE_JPEG_SAMPLING_FACTOR_411,
          IMWRITE_JPEG_SAMPLING_FACTOR_422,
          IMWRITE_JPEG_SAMPLING_FACTOR_440,
          IMWRITE_JPEG_SAMPLING_FACTOR_444
        }) {
      files.add(encode(scene, CV_8UC3, IMWRITE_JPEG_SAMPLING_FACTOR, sampling));
    }
    files.add(encode(scene, CV_8UC3, IMWRITE_JPEG_OPTIMIZE, 1));
    files.add(encode(scene, CV_8UC3, IMWRITE_JPEG_RST_INTERVAL, 3));
    files.add(encode(scene, CV_8UC1));
    return files;
  }

  /** A picture of one channel shows the first third of the rows' bytes as grey. */
  private static byte[] encode(Picture picture, int type, int... parameters) {
    try (BytePointer bytes = new BytePointer(picture.rgb());
        Mat pixels = new Mat(picture.height(), picture.width(), type, bytes);
        IntPointer settings = new IntPointer(parameters);
        BytePointer file = new BytePointer()) {
      assertThat(imencode(".jpg", pixels, file, settings)).isTrue();
      byte[] encoded = new byte[(int) file.limit()];
      file.get(encoded);
      return encoded;
    }
  }
}
