package org.longmae.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.CharConversionException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a shard set is: {@code manifest.json} in its folder. A set is finished when {@code _SUCCESS}
 * lies beside it; that is written last, and a set without it is not read.
 *
 * @param version of this format, {@value #VERSION}
 * @param origin what the set was made from
 * @param counts what became of the pictures
 * @param classNames what labels and categories are indices into
 * @param files by name
 * @param digest SHA-256 over the names and digests of the files: the identity of the set's contents
 */
public record ShardManifest(
    int version,
    ShardOrigin origin,
    ShardCounts counts,
    List<String> classNames,
    List<ShardFile> files,
    String digest)
    implements Serializable {
  /** The version that this code writes and reads. */
  public static final int VERSION = 2;

  private static final String NAME = "manifest.json";
  private static final String SUCCESS = "_SUCCESS";

  public ShardManifest {
    classNames = List.copyOf(classNames);
    files = List.copyOf(files);
  }

  /**
   * A manifest of what building all shards of a set gave, in any order.
   *
   * @param duplicates pictures of the source that were dropped
   * @param leftOut pictures that the source's listing had left out before
   */
  public static ShardManifest of(
      ShardOrigin origin,
      List<String> classNames,
      List<ShardResult> results,
      long duplicates,
      long leftOut) {
    List<ShardFile> files =
        results.stream()
            .map(ShardResult::file)
            .sorted(Comparator.comparing(ShardFile::name))
            .toList();
    long stored = files.stream().mapToLong(ShardFile::rows).sum();
    long bad = leftOut + results.stream().mapToLong(result -> result.quarantined().size()).sum();
    ShardCounts counts =
        new ShardCounts(
            stored + bad + duplicates,
            stored,
            results.stream().mapToLong(ShardResult::encodedAgain).sum(),
            bad,
            duplicates,
            files.stream().mapToLong(ShardFile::bytes).sum());
    return new ShardManifest(VERSION, origin, counts, classNames, files, digestOf(files));
  }

  /** The digest of a set with these files. */
  public static String digestOf(List<ShardFile> files) {
    StringBuilder text = new StringBuilder();
    for (ShardFile file : files) {
      text.append(file.sha256()).append("  ").append(file.name()).append('\n');
    }
    return Digests.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads the manifest of a finished shard set, and checks that its files are there with the
   * lengths it states.
   *
   * @throws ShardException if there is none, it is torn, or the set is not finished or not whole
   */
  public static ShardManifest read(FileSystem fs, Path directory) throws IOException {
    if (!fs.exists(directory)) {
      throw new ShardException("[" + directory + "] folder of shards does not exist");
    }
    Path path = new Path(directory, NAME);
    if (!fs.exists(path)) {
      throw new ShardException("[" + directory + "] is no shard set: " + NAME + " is missing");
    }
    if (!fs.exists(new Path(directory, SUCCESS))) {
      throw new ShardException(
          "[%s] shard set is not finished: %s is missing; make the shards again"
              .formatted(directory, SUCCESS));
    }
    ShardManifest manifest = parse(fs, path);
    manifest.checkFiles(fs, directory);
    return manifest;
  }

  /**
   * Commits a shard set: writes the manifest aside, renames it into place and only then marks the
   * set as finished. What was unfinished in the folder is removed.
   */
  public void write(FileSystem fs, Path directory) throws IOException {
    withdraw(fs, directory);
    ShardJson.write(fs, directory, new Path(directory, NAME), this);
    Attempts.clean(fs, directory);
    fs.create(new Path(directory, SUCCESS), true).close();
  }

  /**
   * Marks the set in a folder as not finished, if there is one; to be called before its shards are
   * built again, so that nobody reads a mixture.
   */
  public static void withdraw(FileSystem fs, Path directory) throws IOException {
    fs.delete(new Path(directory, SUCCESS), false);
  }

  /** Whether a folder holds a finished set. */
  public static boolean isFinished(FileSystem fs, Path directory) throws IOException {
    return fs.exists(new Path(directory, SUCCESS));
  }

  /** Where the pictures came from. */
  public String source() {
    return origin.source();
  }

  /** Rows of a split, 0 if there is no such split. */
  public int rows(String split) {
    return files(split).stream().mapToInt(ShardFile::rows).sum();
  }

  /** The files of a split, by name. */
  public List<ShardFile> files(String split) {
    return files.stream().filter(file -> file.split().equals(split)).toList();
  }

  private static ShardManifest parse(FileSystem fs, Path path) throws IOException {
    try (InputStream in = fs.open(path)) {
      JsonNode json = ShardJson.MAPPER.readTree(in);
      int version = json.path("version").asInt();
      if (version != VERSION) {
        throw new ShardException(
            "[%s] version must be %d but was %s; make the shards again"
                .formatted(path, VERSION, json.get("version")));
      }
      ShardManifest manifest = ShardJson.MAPPER.treeToValue(json, ShardManifest.class);
      String digest = digestOf(manifest.files);
      if (!digest.equals(manifest.digest)) {
        throw new ShardException(
            "[%s] is damaged: its digest must be %s for these files but was %s"
                .formatted(path, digest, manifest.digest));
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw new ShardException(
          "[%s] is torn or no manifest: %s".formatted(path, e.getOriginalMessage()), e);
    } catch (CharConversionException e) {
      // Zeros at the start are taken for UTF-32.
      throw new ShardException(
          "[%s] is torn or no manifest: %s".formatted(path, e.getMessage()), e);
    }
  }

  private void checkFiles(FileSystem fs, Path directory) throws IOException {
    Map<String, Long> lengths = new HashMap<>();
    try {
      for (FileStatus file : fs.listStatus(directory)) {
        lengths.put(file.getPath().getName(), file.getLen());
      }
    } catch (FileNotFoundException e) {
      throw new ShardException("[" + directory + "] folder of shards is not there any more", e);
    }
    for (ShardFile file : files) {
      Long length = lengths.get(file.name());
      if (length == null) {
        throw new ShardException(
            "[%s] shard is missing".formatted(new Path(directory, file.name())));
      }
      if (length != file.bytes()) {
        throw new ShardException(
            "[%s] shard must have %d bytes but had %d"
                .formatted(new Path(directory, file.name()), file.bytes(), length));
      }
    }
  }
}
