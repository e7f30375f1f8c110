package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class ParcelSerializerTest {
  private static final ClassTag<Long> KEY = ClassTag$.MODULE$.apply(Long.class);
  private static final ClassTag<Parcel> PARCEL = ClassTag$.MODULE$.apply(Parcel.class);

  /** Longer than the pieces that floats are turned in, and no multiple of one. */
  private static final float[] FLOATS = floats(200_003);

  private final SerializerInstance serializer = new ParcelSerializer().newInstance();

  private static float[] floats(int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = Float.intBitsToFloat(i * 0x9E3779B9 & 0x7F7FFFFF);
    }
    return floats;
  }

  private byte[] written() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SerializationStream out = serializer.serializeStream(bytes);
    out.writeKey(PartKey.ofReport(1), KEY);
    out.writeValue(new Parcel.Report(new byte[] {7, 8}), PARCEL);
    out.writeKey(PartKey.of(3, 1), KEY);
    out.writeValue(new Parcel.Part(FLOATS), PARCEL);
    out.close();
    return bytes.toByteArray();
  }

  private List<Tuple2<Object, Object>> read(byte[] bytes) {
    Iterator<Tuple2<Object, Object>> pairs =
        serializer.deserializeStream(new ByteArrayInputStream(bytes)).asKeyValueIterator();
    return JavaConverters.seqAsJavaList(pairs.toList());
  }

  @Test
  void whatIsWrittenIsReadBitForBit() {
    List<Tuple2<Object, Object>> pairs = read(written());
    assertThat(pairs).extracting(Tuple2::_1).containsExactly(PartKey.ofReport(1), PartKey.of(3, 1));
    assertThat(((Parcel.Report) pairs.get(0)._2).text()).containsExactly(7, 8);
    assertThat(((Parcel.Part) pairs.get(1)._2).floats()).isEqualTo(FLOATS);
  }

  // As Spark reads what it had to put down while it sorted.
  @Test
  void keysAndValuesCanBeAskedForInTurn() {
    DeserializationStream in = serializer.deserializeStream(new ByteArrayInputStream(written()));
    assertThat(in.readKey(KEY)).isEqualTo(PartKey.ofReport(1));
    assertThat(in.readValue(PARCEL)).isInstanceOf(Parcel.Report.class);
    assertThat(in.readKey(KEY)).isEqualTo(PartKey.of(3, 1));
  }

  // To Spark the end of the file is the end of the records: a part that is cut short must not pass
  // for one that was never sent.
  @Test
  void aFileThatEndsWithinAPartIsRefused() {
    byte[] bytes = written();
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length - 1)))
        .hasCauseInstanceOf(EOFException.class);
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length - 4 * FLOATS.length - 7)))
        .hasCauseInstanceOf(EOFException.class);
  }

  // A bit that a network card or a disk turned would be averaged into all that follows.
  @Test
  void aPartOfOtherBitsThanWereSentIsRefused() {
    byte[] bytes = written();
    int checksum = 4;
    for (int fromEnd : new int[] {1, checksum + 1, checksum + 4 * FLOATS.length}) {
      byte[] damaged = bytes.clone();
      damaged[bytes.length - fromEnd] ^= 0x10;
      assertThatThrownBy(() -> read(damaged))
          .rootCause()
          .hasMessageStartingWith("Cannot read a part of 200003 floats that a worker sent:");
    }
  }
}
