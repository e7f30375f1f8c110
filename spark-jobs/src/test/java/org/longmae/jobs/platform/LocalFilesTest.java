package org.longmae.jobs.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  @TempDir private java.nio.file.Path folder;
  private final Configuration hadoop = FileSystems.configuration();
  private FileSystem fs;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    file = new Path(folder.resolve("a/b").toUri());
    // Whoever opened local files first in this JVM has decided what they are.
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    fs = file.getFileSystem(hadoop);
  }

  private String permissions() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a/b")));
  }

  // What buffers on local disks asks Hadoop for this very class, and s3a does on every write.
  @Test
  void isWhatHadoopCallsTheLocalFileSystem() throws IOException {
    assertThat(FileSystem.getLocal(hadoop)).isInstanceOf(LocalFiles.class);
  }

  @Test
  void filesHaveTheirPermissionsAndNothingBesideThem() throws IOException {
    fs.create(file, true).close();
    assertThat(permissions()).isEqualTo("rw-r--r--");
    fs.setPermission(file, new FsPermission("750"));
    assertThat(permissions()).isEqualTo("rwxr-x---");
    assertThat(fs.getFileStatus(file).getPermission()).hasToString("rwxr-x---");
    try (Stream<java.nio.file.Path> files = Files.list(folder.resolve("a"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void filesCanBeForcedToTheDiskAndAppendedTo() throws IOException {
    try (FSDataOutputStream out = fs.create(file, true)) {
      out.writeInt(1);
      out.hsync();
    }
    try (FSDataOutputStream out = fs.append(file)) {
      out.writeInt(2);
    }
    assertThat(Files.readAllBytes(folder.resolve("a/b"))).containsExactly(0, 0, 0, 1, 0, 0, 0, 2);
  }

  @Test
  void aFileThatIsNotThereHasNoPermissionsToSet() {
    assertThatThrownBy(() -> fs.setPermission(file, new FsPermission("644")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a/b");
  }
}
