package org.longmae.data.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Archives for tests, good and hostile, by a writer that is not ours. */
public final class TestArchives {
  private TestArchives() {}

  /** Writes a tar. */
  public interface TarBody {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  /** Writes a zip. */
  public interface ZipBody {
    void write(ZipArchiveOutputStream zip) throws IOException;
  }

  /** A tar with what {@code body} puts in. */
  public static byte[] tar(TarBody body) {
    return tar("UTF-8", body);
  }

  /** A tar with names in an encoding. */
  public static byte[] tar(String encoding, TarBody body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, encoding)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      body.write(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A tar of files in the map's order. */
  public static byte[] tar(Map<String, byte[]> files) {
    return tar(
        tar -> {
          for (var file : files.entrySet()) {
            put(tar, file.getKey(), file.getValue());
          }
        });
  }

  /** Adds a file under exactly this name. */
  public static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
    entry.setSize(content.length);
    // Fractions of a second would make a PAX header.
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /** Adds an entry without content, such as a link. */
  public static void put(TarArchiveOutputStream tar, String name, byte type, String link)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName(link);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  /** A zip with what {@code body} puts in. */
  public static byte[] zip(ZipBody body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      body.write(zip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A zip of files in the map's order. */
  public static byte[] zip(Map<String, byte[]> files) {
    return zip(
        zip -> {
          for (var file : files.entrySet()) {
            put(zip, new ZipArchiveEntry(file.getKey()), file.getValue());
          }
        });
  }

  /** Adds an entry. */
  public static void put(ZipArchiveOutputStream zip, ZipArchiveEntry entry, byte[] content)
      throws IOException {
    zip.putArchiveEntry(entry);
    zip.write(content);
    zip.closeArchiveEntry();
  }

  /** Bytes, compressed. */
  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Bytes of a text. */
  public static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
