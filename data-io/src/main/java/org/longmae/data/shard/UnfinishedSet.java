package org.longmae.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.CharConversionException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.SourceListing;

/**
 * What a shard set remembers until it is finished, in its folder's {@code _progress}: what it is
 * made from ({@code origin.json}), and the result of each shard that is in place ({@code
 * train-….json}, written after the shard). So that a job that was killed goes on where it was, and
 * nobody goes on with something else.
 */
public final class UnfinishedSet {
  private static final String PROGRESS = "_progress";
  private static final String ORIGIN = "origin.json";
  private static final String DUPLICATES = "duplicates.json";
  private static final String RESULT = ".json";

  private final FileSystem fs;
  private final Path directory;
  private final Path progress;

  private UnfinishedSet(FileSystem fs, Path directory) {
    this.fs = fs;
    this.directory = directory;
    progress = new Path(directory, PROGRESS);
  }

  /** A folder for what listing the source writes; forgotten with the rest. */
  public static Path workspace(Path directory) {
    return new Path(new Path(directory, PROGRESS), "source");
  }

  /** The set in a folder, whether it was begun or not. */
  public static UnfinishedSet in(FileSystem fs, Path directory) {
    return new UnfinishedSet(fs, directory);
  }

  /**
   * What a set is begun with.
   *
   * @param listing digest of what the source listed
   */
  private record Begun(ShardOrigin origin, long pictures, String listing) {}

  /**
   * Begins a set, or goes on with one: removes what a job that died has left unfinished, and keeps
   * shards whose result is recorded.
   *
   * @return the results of shards that are in place
   * @throws ShardException if the folder holds something else, or a set of another source or other
   *     settings
   */
  public List<ShardResult> begin(ShardOrigin origin, SourceListing listing) throws IOException {
    Begun asked = new Begun(origin, listing.entries().size(), digest(listing));
    Path file = new Path(progress, ORIGIN);
    if (fs.exists(file)) {
      refuseOther(parse(file, Begun.class), asked);
    } else {
      refuseForeignFiles();
      ShardJson.write(fs, directory, file, asked);
    }
    Attempts.clean(fs, directory);
    List<ShardResult> results = results();
    Set<String> recorded = new HashSet<>();
    results.forEach(result -> recorded.add(result.file().name()));
    for (FileStatus status : fs.listStatus(directory)) {
      String name = status.getPath().getName();
      if (name.endsWith(ShardPlan.SUFFIX) && !recorded.contains(name)) {
        fs.delete(status.getPath(), false);
      }
    }
    return results;
  }

  /** The result of a shard, if it is in place. */
  Optional<ShardResult> result(String shard) throws IOException {
    Path file = new Path(progress, shard + RESULT);
    try {
      ShardResult result = parse(file, ShardResult.class);
      long length = fs.getFileStatus(new Path(directory, shard)).getLen();
      return length == result.file().bytes() ? Optional.of(result) : Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Remembers that a shard is in place; not where nothing was begun, or all is finished. */
  void record(ShardResult result) throws IOException {
    if (!fs.exists(new Path(progress, ORIGIN))) {
      return;
    }
    Path file = new Path(progress, result.file().name() + RESULT);
    ShardJson.writeOnce(fs, directory, file, result);
  }

  /** The names of duplicates that were found, each with the picture that stays. */
  public Optional<SortedMap<String, String>> duplicates() throws IOException {
    Path file = new Path(progress, DUPLICATES);
    if (!fs.exists(file)) {
      return Optional.empty();
    }
    TreeMap<String, String> names =
        ShardJson.MAPPER.readValue(CommittedFile.read(fs, file), new TypeReference<>() {});
    return Optional.of(names);
  }

  /** Remembers what was found. */
  public void recordDuplicates(SortedMap<String, String> names) throws IOException {
    ShardJson.write(fs, directory, new Path(progress, DUPLICATES), names);
  }

  /** Forgets; to be called when the set is finished. */
  public void forget() throws IOException {
    Attempts.clean(fs, directory);
    fs.delete(progress, true);
  }

  private List<ShardResult> results() throws IOException {
    List<ShardResult> results = new ArrayList<>();
    for (FileStatus status : fs.listStatus(progress)) {
      String name = status.getPath().getName();
      if (name.endsWith(ShardPlan.SUFFIX + RESULT)) {
        Optional<ShardResult> result = result(name.substring(0, name.length() - RESULT.length()));
        if (result.isPresent()) {
          results.add(result.get());
        } else {
          fs.delete(status.getPath(), false); // of a shard that is gone
        }
      }
    }
    return results;
  }

  private void refuseOther(Begun begun, Begun asked) {
    Optional<String> difference = begun.origin.difference(asked.origin);
    if (difference.isEmpty() && !begun.origin.tool().equals(asked.origin.tool())) {
      difference =
          Optional.of(
              "must be made by version %s but was begun by %s"
                  .formatted(asked.origin.tool(), begun.origin.tool()));
    }
    if (difference.isEmpty() && !begun.listing.equals(asked.listing)) {
      difference =
          Optional.of(
              "must be of the same files, but the source had %d pictures when it was begun and has"
                      .formatted(begun.pictures)
                  + " %d, or others".formatted(asked.pictures));
    }
    if (difference.isPresent()) {
      throw new ShardException(
          "[%s] unfinished shard set %s; choose another --out or remove the folder"
              .formatted(directory, difference.get()));
    }
  }

  private void refuseForeignFiles() throws IOException {
    try {
      for (FileStatus status : fs.listStatus(directory)) {
        String name = status.getPath().getName();
        if (!Attempts.isAside(name) && !name.equals(PROGRESS)) {
          throw new ShardException(
              "[%s] must be empty or an unfinished shard set but holds %s; choose another --out"
                  .formatted(directory, name));
        }
      }
    } catch (FileNotFoundException e) {
      return; // it will be made
    }
  }

  private <T> T parse(Path file, Class<T> type) throws IOException {
    try {
      return ShardJson.MAPPER.readValue(CommittedFile.read(fs, file), type);
    } catch (JsonProcessingException e) {
      throw new ShardException(
          "[%s] is damaged (%s); remove it, or the folder"
              .formatted(file, e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    } catch (CharConversionException e) {
      throw new ShardException(
          "[%s] is damaged (%s); remove it, or the folder".formatted(file, e.getMessage()), e);
    }
  }

  private static String digest(SourceListing listing) {
    MessageDigest digest = Digests.sha256();
    for (SourceEntry entry : listing.entries()) {
      String line =
          entry.path()
              + "\t"
              + entry.bytes()
              + "\t"
              + entry.label()
              + "\t"
              + entry.annotations().offset()
              + "\t"
              + entry.annotations().bytes();
      digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return Digests.hex(digest);
  }
}
