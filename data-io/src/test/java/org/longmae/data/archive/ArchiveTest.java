package org.longmae.data.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.data.archive.TestArchives.put;
import static org.longmae.data.archive.TestArchives.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.data.TestPictures;

class ArchiveTest {
  private static final ArchiveLimits LIMITS = new ArchiveLimits(100, 200);
  private static final byte[] CONTENT = text("the content of a file");

  private final FileSystem fs = TestPictures.local();
  private final Map<String, StoredFile> files = new LinkedHashMap<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();
  private java.nio.file.Path folder;
  private Path root;

  @BeforeEach
  void setUp(@TempDir java.nio.file.Path directory) throws IOException {
    // A folder below, so that what escapes it would be seen beside it.
    folder = Files.createDirectory(directory.resolve("inside"));
    root = new Path(folder.toUri());
  }

  @Test
  void everyEntryOfATarIsReadFromItsPlace() throws IOException {
    Map<String, byte[]> content = new LinkedHashMap<>();
    content.put("./a.jpg", bytes(700));
    content.put("empty.jpg", new byte[0]);
    content.put("folder/" + "x".repeat(300) + ".jpg", bytes(512));
    content.put("folder/größe 漢字.jpg", bytes(1));

    list("x.tar", TestArchives.tar(content));

    assertThat(files.keySet())
        .containsExactlyElementsOf(
            content.keySet().stream().map(name -> name.replace("./", "")).toList());
    assertContents(content);
    assertThat(leftOut).isEmpty();
  }

  @Test
  void aTarOfTarsIsOneFolderATar() throws IOException {
    Map<String, byte[]> cats = Map.of("cat_1.JPEG", bytes(900));
    Map<String, byte[]> dogs = Map.of("dog_1.JPEG", bytes(5000));
    Map<String, byte[]> outer = new LinkedHashMap<>();
    outer.put("n01.tar", TestArchives.tar(cats));
    outer.put("readme.txt", bytes(3));
    outer.put("n02.tar", TestArchives.tar(dogs));

    list("imagenet.tar", TestArchives.tar(outer));

    assertThat(files.keySet()).containsExactly("n01/cat_1.JPEG", "readme.txt", "n02/dog_1.JPEG");
    assertThat(read("n01/cat_1.JPEG")).isEqualTo(bytes(900));
    assertThat(read("n02/dog_1.JPEG")).isEqualTo(bytes(5000));
    assertThat(files.get("n02/dog_1.JPEG").path()).endsWith("/imagenet.tar");
  }

  @Test
  void aTarThreeDeepIsLeftOut() throws IOException {
    byte[] inner = TestArchives.tar(Map.of("a.jpg", CONTENT));
    byte[] middle = TestArchives.tar(Map.of("b.tar", inner));

    list("x.tar", TestArchives.tar(Map.of("c.tar", middle)));

    assertThat(files).isEmpty();
    assertThat(leftOut).containsEntry("c/b.tar", "is an archive in an archive in an archive");
  }

  @Test
  void everyEntryOfAZipIsReadFromItsPlace() throws IOException {
    Map<String, byte[]> content = new LinkedHashMap<>();
    content.put("stored.jpg", bytes(700));
    content.put("deflated/größe.jpg", new byte[100_000]);
    content.put("empty.jpg", new byte[0]);

    list("x.zip", zip(content, Zip64Mode.AsNeeded));

    assertContents(content);
    assertThat(((StoredFile.Zipped) files.get("stored.jpg")).deflated()).isFalse();
    assertThat(((StoredFile.Zipped) files.get("deflated/größe.jpg")).stored()).isLessThan(1000);
  }

  /** COCO's archives are above 4 GB, so their sizes stand in the zip64 fields. */
  @Test
  void zip64IsUnderstood() throws IOException {
    Map<String, byte[]> content = Map.of("a.jpg", bytes(700), "b.jpg", bytes(70));

    list("x.zip", zip(content, Zip64Mode.Always));

    assertContents(content);
  }

  /** The content also ends with what looks like an end record, as an attacker would have it. */
  @Test
  void aZipsCommentMayLookLikeItsEnd() throws IOException {
    byte[] zip =
        TestArchives.zip(
            out -> {
              out.setComment("PK\u0005\u0006" + "x".repeat(40));
              put(out, new ZipArchiveEntry("a.jpg"), CONTENT);
            });

    list("x.zip", zip);

    assertThat(read("a.jpg")).isEqualTo(CONTENT);
  }

  static Stream<Arguments> hostileNames() {
    return Stream.of(
        Arguments.of("../../outside.jpg", "name has empty, \".\" or \"..\" segments"),
        Arguments.of("a/../../outside.jpg", "name has empty, \".\" or \"..\" segments"),
        Arguments.of("a/..", "name has empty, \".\" or \"..\" segments"),
        Arguments.of("a//b.jpg", "name has empty, \".\" or \"..\" segments"),
        Arguments.of("a/./b.jpg", "name has empty, \".\" or \"..\" segments"),
        Arguments.of("/etc/outside.jpg", "name is an absolute path"),
        Arguments.of("C:/outside.jpg", "name is an absolute path"),
        Arguments.of("..\\outside.jpg", "name has a backslash"),
        Arguments.of("a\nb.jpg", "name has control characters"),
        Arguments.of("a\u001b[2Jb.jpg", "name has control characters"),
        Arguments.of("x".repeat(2000) + ".jpg", "name is longer than 1024 characters"),
        Arguments.of(".//etc/outside.jpg", "name is an absolute path"));
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void hostileNamesAreLeftOutAndTheRestIsRead(String name, String reason) throws IOException {
    Map<String, byte[]> content = new LinkedHashMap<>();
    content.put(name, CONTENT);
    content.put("good.jpg", CONTENT);

    list("x.tar", TestArchives.tar(content));

    assertThat(leftOut.values()).containsExactly(reason);
    assertThat(files.keySet()).containsExactly("good.jpg");
    assertNothingOutside();

    list(
        "x.zip",
        TestArchives.zip(
            zip -> {
              // The writer's own entry would turn backslashes.
              put(zip, new RawName(name), CONTENT);
              put(zip, new ZipArchiveEntry("good.jpg"), CONTENT);
            }));

    assertThat(leftOut.values()).containsExactly(reason);
    assertThat(files.keySet()).containsExactly("good.jpg");
    assertNothingOutside();
  }

  /** Old archives have such names; their pictures must not be lost. */
  @Test
  void namesThatAreNotUtf8AreReadAsLatin1() throws IOException {
    list("x.tar", TestArchives.tar("ISO-8859-1", tar -> put(tar, "größe.jpg", CONTENT)));
    assertThat(read("größe.jpg")).isEqualTo(CONTENT);

    byte[] zip =
        TestArchives.zip(
            out -> {
              out.setEncoding("ISO-8859-1");
              put(out, new ZipArchiveEntry("größe.jpg"), CONTENT);
            });
    list("x.zip", zip);
    assertThat(read("größe.jpg")).isEqualTo(CONTENT);
  }

  static Stream<Arguments> oddKinds() {
    return Stream.of(
        Arguments.of(TarConstants.LF_SYMLINK, "is a link"),
        Arguments.of(TarConstants.LF_LINK, "is a link"),
        Arguments.of(TarConstants.LF_CHR, "is a device or a pipe"),
        Arguments.of(TarConstants.LF_BLK, "is a device or a pipe"),
        Arguments.of(TarConstants.LF_FIFO, "is a device or a pipe"));
  }

  @ParameterizedTest
  @MethodSource("oddKinds")
  void linksAndDevicesAreLeftOut(byte type, String reason) throws IOException {
    list(
        "x.tar",
        TestArchives.tar(
            tar -> {
              put(tar, "odd.jpg", type, "/etc/passwd");
              put(tar, "good.jpg", CONTENT);
            }));

    assertThat(leftOut).containsExactly(Map.entry("odd.jpg", reason));
    assertThat(read("good.jpg")).isEqualTo(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0120777, 0020666, 0010666})
  void zippedLinksAndDevicesAreLeftOut(int mode) throws IOException {
    byte[] zip =
        TestArchives.zip(
            out -> {
              ZipArchiveEntry entry = new ZipArchiveEntry("odd.jpg");
              entry.setUnixMode(mode);
              put(out, entry, text("/etc/passwd"));
            });

    list("x.zip", zip);

    assertThat(files).isEmpty();
    assertThat(leftOut.get("odd.jpg")).startsWith("is a ");
  }

  @Test
  void encryptedEntriesAreLeftOut() throws IOException {
    byte[] zip = TestArchives.zip(Map.of("a.jpg", CONTENT));
    zip[directory(zip) + 8] |= 1;

    list("x.zip", zip);

    assertThat(leftOut).containsExactly(Map.entry("a.jpg", "is encrypted"));
  }

  /** A million entries take as long to refuse as a hundred: the count is looked at as it grows. */
  @Test
  void tooManyEntriesAreRefused() throws IOException {
    try (OutputStream out = fs.create(new Path(root, "many.tar"))) {
      byte[] entry = Arrays.copyOf(TestArchives.tar(Map.of("a.jpg", new byte[0])), 512);
      byte[] many = new byte[512 * 1000];
      for (int i = 0; i < 1000; i++) {
        System.arraycopy(entry, 0, many, 512 * i, 512);
      }
      for (int i = 0; i < 1000; i++) {
        out.write(many);
      }
      out.write(new byte[1024]);
    }
    assertThatThrownBy(() -> list("many.tar"))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("many.tar] archive must have at most 100 entries")
        .hasMessageContaining("--max-archive-entries");

    byte[] zip =
        TestArchives.zip(
            out -> {
              for (int i = 0; i < 101; i++) {
                put(out, new ZipArchiveEntry(i + ".jpg"), new byte[0]);
              }
            });
    // The number that the end record states is not what counts.
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putShort(zip.length - 12, (short) 1);
    assertThatThrownBy(() -> list("many.zip", zip))
        .hasMessageContaining("must have at most 100 entries");
  }

  @Test
  void entriesOfInnerTarsCountToo() {
    Map<String, byte[]> inner = new LinkedHashMap<>();
    for (int i = 0; i < 60; i++) {
      inner.put(i + ".jpg", new byte[0]);
    }
    byte[] tar = TestArchives.tar(inner);

    assertThatThrownBy(() -> list("x.tar", TestArchives.tar(Map.of("a.tar", tar, "b.tar", tar))))
        .hasMessageContaining("must have at most 100 entries");
  }

  /** Zeros shrink a thousandfold. */
  @Test
  void bombsAreRefused() throws IOException {
    byte[] zeros = new byte[8 << 20];
    byte[] zip = TestArchives.zip(Map.of("bomb.jpg", zeros));
    assertThatThrownBy(() -> list("x.zip", zip))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("must unpack to at most 200 times as much")
        .hasMessageContaining("--max-archive-ratio");

    // Beside enough other bytes, the one entry is left out alone.
    Map<String, byte[]> both = new LinkedHashMap<>();
    both.put("bomb.jpg", zeros);
    both.put("good.jpg", noise(100_000));
    list("y.zip", TestArchives.zip(both));
    assertThat(files.keySet()).containsExactly("good.jpg");
    assertThat(leftOut.get("bomb.jpg")).contains("above --max-archive-ratio 200");

    TestPictures.write(fs, new Path(root, "x.tar.gz"), TestArchives.gzip(zeros));
    assertThatThrownBy(() -> gunzip("x.tar.gz"))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("must unpack to at most 200 times as much");
    assertThat(folder).isDirectoryNotContaining("glob:**out*");
  }

  /** A directory may point a thousand times at the same bytes. */
  @Test
  void overlappingEntriesAreABomb() throws IOException {
    byte[] one = TestArchives.zip(Map.of("a.jpg", noise(100_000)));
    int at = directory(one);
    int entry = one.length - 22 - at;
    byte[] zip = Arrays.copyOf(one, at + 99 * entry + 22);
    for (int i = 1; i < 99; i++) {
      System.arraycopy(one, at, zip, at + i * entry, entry);
    }
    System.arraycopy(one, one.length - 22, zip, at + 99 * entry, 22);
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(at + 99 * entry + 12, 99 * entry);
    TestPictures.write(fs, new Path(root, "x.zip"), zip);

    assertThatThrownBy(
            () ->
                ArchiveKind.ZIP.list(
                    fs, new Path(root, "x.zip"), new ArchiveLimits(100, 50), visitor()))
        .hasMessageContaining("must unpack to at most 50 times as much");
  }

  /** What the directory says of sizes is not believed when the entry is read. */
  @Test
  void aZipThatLiesAboutSizesGivesDamagedEntries() throws IOException {
    byte[] zip = TestArchives.zip(Map.of("a.jpg", new byte[5000]));
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(directory(zip) + 24, 100);
    list("x.zip", zip);
    assertThatThrownBy(() -> read("a.jpg"))
        .isInstanceOf(DamagedEntryException.class)
        .hasMessageContaining("must unpack to 100 bytes but gave more");

    byte[] other = TestArchives.zip(Map.of("a.jpg", noise(5000)));
    other[2000] ^= 1;
    list("y.zip", other);
    assertThatThrownBy(() -> read("a.jpg")).isInstanceOf(DamagedEntryException.class);

    byte[] header = TestArchives.zip(Map.of("a.jpg", CONTENT));
    header[0] = 0;
    list("z.zip", header);
    assertThatThrownBy(() -> read("a.jpg"))
        .isInstanceOf(DamagedEntryException.class)
        .hasMessageContaining("no header at byte 0");
  }

  /** An interrupted copy must not become a smaller data set without a word. */
  @ParameterizedTest
  @ValueSource(ints = {100, 512, 600, 1024, 1500, 2048, 2560, 3000})
  void aTruncatedTarIsRefused(int bytes) {
    Map<String, byte[]> content = new LinkedHashMap<>();
    content.put("a.jpg", bytes(400));
    content.put("b.jpg", bytes(1000));
    byte[] tar = TestArchives.tar(content);

    assertThatThrownBy(() -> list("x.tar", Arrays.copyOf(tar, bytes)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("x.tar] is ");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 0.9, 0.999})
  void aTruncatedZipOrGzipIsRefused(double part) throws IOException {
    byte[] zip = TestArchives.zip(Map.of("a.jpg", noise(5000)));
    assertThatThrownBy(() -> list("x.zip", Arrays.copyOf(zip, (int) (zip.length * part))))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("x.zip] is no zip or is damaged");

    byte[] gzip = TestArchives.gzip(noise(5000));
    TestPictures.write(
        fs, new Path(root, "x.tgz"), Arrays.copyOf(gzip, (int) (gzip.length * part)));
    assertThatThrownBy(() -> gunzip("x.tgz"))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("x.tgz] is no gzip or is truncated");
    assertThat(folder).isDirectoryNotContaining("glob:**out*");
  }

  @Test
  void anEntryThatClaimsMoreThanThereIsRefused() {
    byte[] tar =
        TestArchives.tar(
            out -> {
              TarArchiveEntry entry = new TarArchiveEntry("a.jpg");
              entry.setSize(0);
              entry.setModTime(0);
              out.putArchiveEntry(entry);
              out.closeArchiveEntry();
            });
    // Size 8^11 - 1 and the checksum that goes with it.
    byte[] size = "77777777777".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(size, 0, tar, 124, size.length);
    Arrays.fill(tar, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += tar[i] & 0xff;
    }
    System.arraycopy(
        String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII), 0, tar, 148, 8);

    assertThatThrownBy(() -> list("x.tar", tar)).hasMessageContaining("is truncated: entry a.jpg");
  }

  /** A header field of a gigabyte would be read into memory. */
  @Test
  void endlessNamesAreRefused() {
    byte[] tar =
        TestArchives.tar(
            out -> {
              TarArchiveEntry entry =
                  new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
              byte[] name = new byte[4 << 20];
              Arrays.fill(name, (byte) 'x');
              entry.setSize(name.length);
              out.putArchiveEntry(entry);
              out.write(name);
              out.closeArchiveEntry();
              put(out, "a.jpg", CONTENT);
            });

    assertThatThrownBy(() -> list("x.tar", tar))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("header must be short");
  }

  /** Whatever is damaged, it is told as damage: no other exception, no endless loop, no bomb. */
  @ParameterizedTest
  @ValueSource(strings = {"x.tar", "x.zip"})
  void damageAnywhereIsToldAsDamage(String name) throws IOException {
    Map<String, byte[]> content = new LinkedHashMap<>();
    content.put("a/" + "long".repeat(60) + ".jpg", noise(700));
    content.put("größe.jpg", new byte[3000]);
    content.put("inner.tar", TestArchives.tar(Map.of("b.jpg", noise(100))));
    byte[] whole = name.endsWith("zip") ? TestArchives.zip(content) : TestArchives.tar(content);
    var random = new java.util.Random(7);
    int listed = 0;
    for (int i = 0; i < 150; i++) {
      byte[] damaged = whole.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      TestPictures.writeFast(fs, new Path(root, name), damaged);
      Files.deleteIfExists(folder.resolve("." + name + ".crc"));
      try {
        list(name);
        for (String file : files.keySet()) {
          if (files.get(file).bytes() < 1 << 20) {
            read(file);
          }
        }
        listed++;
      } catch (ArchiveException | DamagedEntryException e) {
        assertThat(e).hasMessageMatching("(?s).*(damaged|truncated|at most|before byte).*");
      }
    }
    assertThat(listed).isBetween(1, 149);
  }

  @Test
  void whatIsNoArchiveIsRefused() {
    byte[] text = text("no archive at all ".repeat(100));
    assertThatThrownBy(() -> list("x.tar", text)).hasMessageContaining("x.tar] is no tar");
    assertThatThrownBy(() -> list("x.zip", text)).hasMessageContaining("x.zip] is no zip");
    assertThatThrownBy(() -> list("x.zip", new byte[0])).hasMessageContaining("x.zip] is no zip");
    byte[] zeros = Arrays.copyOf(text, 4096);
    assertThatThrownBy(() -> list("x.tar", zeros)).hasMessageContaining("x.tar] is no tar");
  }

  @Test
  void gunzipMakesTheTarOnceAndWhole() throws IOException {
    byte[] tar = TestArchives.tar(Map.of("a.jpg", noise(5000)));
    TestPictures.write(fs, new Path(root, "x.tgz"), TestArchives.gzip(tar));

    gunzip("x.tgz");

    assertThat(TestPictures.read(fs, new Path(root, "out.tar"))).isEqualTo(tar);
    long made = Files.getLastModifiedTime(folder.resolve("out.tar")).toMillis();
    gunzip("x.tgz");
    assertThat(Files.getLastModifiedTime(folder.resolve("out.tar")).toMillis()).isEqualTo(made);
  }

  /** An entry whose name is kept as it is. */
  private static final class RawName extends ZipArchiveEntry {
    RawName(String name) {
      super("x");
      setUnixMode(0100644);
      setName(name, name.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void gunzip(String name) throws IOException {
    new Gunzip(new Path(root, name).toString(), new Path(root, "out.tar").toString(), LIMITS)
        .run(new Configuration());
  }

  private void list(String name, byte[] bytes) throws IOException {
    TestPictures.write(fs, new Path(root, name), bytes);
    list(name);
  }

  private void list(String name) throws IOException {
    files.clear();
    leftOut.clear();
    ArchiveKind.of(name).orElseThrow().list(fs, new Path(root, name), LIMITS, visitor());
  }

  private EntryVisitor visitor() {
    return new EntryVisitor() {
      @Override
      public void file(String name, StoredFile file) {
        files.put(name, file);
      }

      @Override
      public void leftOut(String name, String reason) {
        leftOut.put(name, reason);
      }
    };
  }

  private byte[] read(String name) throws IOException {
    try (StoredFileReader reader = new StoredFileReader(new Configuration())) {
      return reader.read(files.get(name));
    }
  }

  private void assertContents(Map<String, byte[]> content) throws IOException {
    assertThat(files).hasSize(content.size());
    for (var file : content.entrySet()) {
      String name = file.getKey().replace("./", "");
      assertThat(files.get(name).bytes()).isEqualTo(file.getValue().length);
      assertThat(read(name)).isEqualTo(file.getValue());
      try (var stream = StoredFileReader.stream(new Configuration(), files.get(name))) {
        assertThat(stream.readAllBytes()).isEqualTo(file.getValue());
      }
    }
  }

  private void assertNothingOutside() {
    assertThat(folder.getParent().toFile().list()).containsExactly("inside");
    assertThat(folder.toFile().list()).allMatch(name -> name.matches("\\.?x\\.(tar|zip)(\\.crc)?"));
  }

  private static byte[] zip(Map<String, byte[]> files, Zip64Mode mode) {
    return TestArchives.zip(
        zip -> {
          zip.setUseZip64(mode);
          for (var file : files.entrySet()) {
            ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
            if (file.getKey().startsWith("stored")) {
              zip.setMethod(ZipArchiveOutputStream.STORED);
              java.util.zip.CRC32 crc = new java.util.zip.CRC32();
              crc.update(file.getValue());
              entry.setMethod(ZipArchiveOutputStream.STORED);
              entry.setSize(file.getValue().length);
              entry.setCrc(crc.getValue());
            } else {
              entry.setMethod(ZipArchiveOutputStream.DEFLATED);
            }
            put(zip, entry, file.getValue());
          }
        });
  }

  /** Offset of the central directory, as the end record states it. */
  private static int directory(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) length);
    return bytes;
  }

  /** Bytes that do not shrink. */
  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new java.util.Random(1).nextBytes(bytes);
    return bytes;
  }
}
