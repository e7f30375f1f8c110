package org.longmae.data.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.file.CommittedFile;

/**
 * Files that are damaged at random, and pickles of random operations: each is read, or refused with
 * a {@link TensorFileException}, within a second of work and 64 MiB.
 *
 * <p>{@code -Dlongmae.fuzz-seconds=600} for longer than the two seconds of the build.
 */
class TensorFilesFuzzTest {
  private static final long SECONDS = Long.getLong("longmae.fuzz-seconds", 2);
  private static final long MOST_BYTES = 64 << 20;
  private static final long MOST_NANOS = 1_000_000_000;

  private static final List<String> SEEDS =
      List.of(
          "training-legacy.pth",
          "flat-legacy.pth",
          "hostile-system-legacy.pth",
          "detectron-3.pkl",
          "detectron-5.pkl",
          "arrays.npz",
          "training-zip.pth",
          "flat-zip.pth");

  /** Operations of pickles, those that are read and some that are not. */
  private static final byte[] OPERATIONS =
      "}])(tqrhjXUCTBJKMGNsuaecQRb.0o2il".getBytes(StandardCharsets.ISO_8859_1);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final SplittableRandom random = new SplittableRandom(20261128);

  @TempDir private java.nio.file.Path folder;

  @Test
  void whateverAFileHoldsItIsReadOrRefusedInBounds() throws IOException {
    Path path = new Path(folder.toUri().toString(), "fuzzed");
    TensorFormat.SAFETENSORS.write(
        TestTensorFiles.fs(), path, TestTensorFiles.tensors(), TestTensorFiles.METADATA);
    List<byte[]> seeds = new ArrayList<>(List.of(CommittedFile.read(TestTensorFiles.fs(), path)));
    for (String seed : SEEDS) {
      seeds.add(CommittedFile.read(TestTensorFiles.fs(), TestTensorFiles.golden(seed)));
    }
    int read = 0;
    int refused = 0;
    long mostBytes = 0;
    long mostNanos = 0;
    for (long end = System.nanoTime() + SECONDS * 1_000_000_000; System.nanoTime() < end; ) {
      byte[] file = next(seeds);
      TestTensorFiles.overwrite(path, file);
      long bytes = threads.getCurrentThreadAllocatedBytes();
      long nanos = threads.getCurrentThreadCpuTime();
      try {
        TestTensorFiles.contents(path);
        read++;
      } catch (TensorFileException e) {
        refused++;
      } catch (RuntimeException | IOException | Error e) {
        throw new AssertionError("of " + Arrays.toString(file), e);
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
      nanos = threads.getCurrentThreadCpuTime() - nanos;
      mostBytes = Math.max(mostBytes, bytes);
      mostNanos = Math.max(mostNanos, nanos);
      assertThat(bytes).as(() -> Arrays.toString(file)).isLessThan(MOST_BYTES);
      assertThat(nanos).as(() -> Arrays.toString(file)).isLessThan(MOST_NANOS);
    }
    System.out.printf(
        "fuzzed for %d s: %d files refused, %d read; at most %d KiB and %d ms%n",
        SECONDS, refused, read, mostBytes >> 10, mostNanos / 1_000_000);
    assertThat(refused).isPositive();
    assertThat(read).isPositive();
  }

  private byte[] next(List<byte[]> seeds) throws IOException {
    if (random.nextInt(4) == 0) {
      return operations();
    }
    byte[] seed = seeds.get(random.nextInt(seeds.size()));
    boolean zip = seed[0] == 'P';
    // Damage in a zip is found by its checksums: most of it is done before these are made.
    return zip && random.nextInt(8) > 0 ? rezipped(seed) : damaged(seed, seeds);
  }

  private byte[] damaged(byte[] original, List<byte[]> others) {
    byte[] bytes = original.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 8; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = OPERATIONS[random.nextInt(OPERATIONS.length)];
        case 3 ->
            Arrays.fill(bytes, at, Math.min(bytes.length, at + 8), (byte) (random.nextInt(3) - 1));
        case 4 -> bytes = Arrays.copyOf(bytes, at);
        default -> {
          byte[] other = others.get(random.nextInt(others.size()));
          int from = random.nextInt(other.length);
          int length = Math.min(random.nextInt(64), other.length - from);
          byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
          System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
          System.arraycopy(other, from, longer, at, length);
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  /** A zip with some entries damaged and right checksums. */
  private byte[] rezipped(byte[] zip) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipFile in = new ZipFile(new SeekableInMemoryByteChannel(zip));
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setMethod(ZipOutputStream.STORED);
      for (ZipArchiveEntry entry : Collections.list(in.getEntries())) {
        byte[] content = in.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith("data.pkl") || random.nextInt(4) == 0) {
          content = damaged(content, List.of(content));
        }
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setSize(content.length);
        copy.setCrc(crc.getValue());
        out.putNextEntry(copy);
        out.write(content);
      }
    }
    return bytes.toByteArray();
  }

  private byte[] operations() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {(byte) 0x80, 2});
    for (int count = random.nextInt(200); count > 0; count--) {
      switch (random.nextInt(8)) {
        case 0 ->
            bytes.writeBytes("ccollections\nOrderedDict\n)R".getBytes(StandardCharsets.UTF_8));
        case 1 ->
            bytes.writeBytes(
                "ctorch._utils\n_rebuild_tensor_v2\n".getBytes(StandardCharsets.UTF_8));
        case 2 -> bytes.writeBytes(new byte[] {'X', 5, 0, 0, 0, 'm', 'o', 'd', 'e', 'l'});
        case 3 -> bytes.write(0x80 + random.nextInt(32));
        default -> bytes.write(OPERATIONS[random.nextInt(OPERATIONS.length)]);
      }
      if (random.nextInt(3) == 0) {
        bytes.write(random.nextInt(256));
      }
    }
    return bytes.toByteArray();
  }
}
