package org.longmae.data.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes what {@code numpy.load} reads as a file of arrays: a zip of {@code NAME.npy}, stored. */
final class NpzWriter {
  /** The same tensors must give the same file. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private NpzWriter() {}

  static void write(OutputStream out, List<Tensor> tensors) throws IOException {
    // Not closed: the stream below is the caller's.
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    zip.setMethod(ZipOutputStream.STORED);
    for (Tensor tensor : tensors) {
      TensorInfo info = tensor.info();
      byte[] header = new NumpyHeader(info.type().requireNumpy(), false, info.shape()).bytes();
      CRC32 crc = new CRC32();
      crc.update(header);
      tensor.into(crc::update);
      ZipEntry entry = new ZipEntry(info.name() + NpzIndex.ENDING);
      entry.setTimeLocal(NO_TIME);
      entry.setSize(header.length + info.bytes());
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(header);
      tensor.into(zip::write);
      zip.closeEntry();
    }
    zip.finish();
  }
}
