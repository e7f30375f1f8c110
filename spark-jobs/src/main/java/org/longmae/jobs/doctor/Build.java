package org.longmae.jobs.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.shard.Digests;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.platform.Version;
import org.longmae.model.MaeSpec;

/** Which build of this project's code a JVM has. */
final class Build {
  private static final int DIGITS = 12;

  /** A class of each module. */
  private static final List<Class<?>> MODULES =
      List.of(RunConfig.class, ShardManifest.class, MaeSpec.class, Build.class);

  private Build() {}

  /** Version and digest of the jars, such as {@code 0.1.0 (5f0c1a…)}; equal for equal files. */
  static String current() {
    StringBuilder digests = new StringBuilder();
    MODULES.stream().map(Build::jar).distinct().forEach(jar -> digests.append(digest(jar)));
    return Version.current()
        + " ("
        + shortDigest(digests.toString().getBytes(StandardCharsets.UTF_8))
        + ")";
  }

  private static Path jar(Class<?> type) {
    try {
      return new Path(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class must come from a file: " + type, e);
    }
  }

  /** Of the file; of classes that are not packed, nothing but that. */
  private static String digest(Path jar) {
    try {
      FileSystem fs = jar.getFileSystem(FileSystems.configuration());
      return fs.getFileStatus(jar).isDirectory()
          ? "unpacked"
          : Digests.sha256(CommittedFile.read(fs, jar));
    } catch (IOException e) {
      throw new UncheckedIOException("[" + jar + "] Cannot read this project's own code", e);
    }
  }

  private static String shortDigest(byte[] bytes) {
    return Digests.sha256(bytes).substring(0, DIGITS);
  }
}
