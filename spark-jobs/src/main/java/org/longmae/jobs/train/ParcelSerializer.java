package org.longmae.jobs.train;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;

/**
 * How keys and {@link Parcel}s lie in the shuffle's files, by turns. Java's own serialization moves
 * arrays a kilobyte at a time, and needs the array to be there.
 */
final class ParcelSerializer extends Serializer implements Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public SerializerInstance newInstance() {
    return new Instance();
  }

  /** Of one task. */
  private static final class Instance extends SerializerInstance {
    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return new Writer(new DataOutputStream(out));
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      return new Reader(in);
    }

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> tag) {
      throw new UnsupportedOperationException("a shuffle writes streams");
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> tag) {
      throw new UnsupportedOperationException("a shuffle reads streams");
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> tag) {
      throw new UnsupportedOperationException("a shuffle reads streams");
    }
  }

  /** Keys and parcels by turns. */
  private static final class Writer extends SerializationStream {
    private final DataOutputStream out;

    Writer(DataOutputStream out) {
      this.out = out;
    }

    @Override
    public <T> SerializationStream writeObject(T value, ClassTag<T> tag) {
      return unchecked(
          () -> {
            if (value instanceof Parcel parcel) {
              parcel.writeTo(out);
            } else {
              out.writeLong((Long) value);
            }
            return this;
          });
    }

    @Override
    public void flush() {
      unchecked(
          () -> {
            out.flush();
            return null;
          });
    }

    @Override
    public void close() {
      unchecked(
          () -> {
            out.close();
            return null;
          });
    }
  }

  /** The same read. */
  private static final class Reader extends DeserializationStream {
    private final PushbackInputStream stream;
    private final DataInputStream in;

    Reader(InputStream in) {
      this.stream = new PushbackInputStream(in);
      this.in = new DataInputStream(stream);
    }

    /** Ends where the stream does, between two parcels; within one, that is an error. */
    @Override
    public scala.collection.Iterator<Tuple2<Object, Object>> asKeyValueIterator() {
      return JavaConverters.asScalaIterator(
          new Iterator<Tuple2<Object, Object>>() {
            @Override
            public boolean hasNext() {
              return unchecked(Reader.this::hasMore);
            }

            @Override
            public Tuple2<Object, Object> next() {
              return new Tuple2<>(unchecked(in::readLong), unchecked(() -> Parcel.read(in)));
            }
          });
    }

    @Override
    @SuppressWarnings("unchecked") // Spark asks for what was written.
    public <T> T readKey(ClassTag<T> tag) {
      return (T) unchecked(in::readLong);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readValue(ClassTag<T> tag) {
      return (T) unchecked(() -> Parcel.read(in));
    }

    @Override
    public <T> T readObject(ClassTag<T> tag) {
      throw new UnsupportedOperationException("a shuffle reads keys and values");
    }

    @Override
    public void close() {
      unchecked(
          () -> {
            in.close();
            return null;
          });
    }

    private boolean hasMore() throws IOException {
      int next = stream.read();
      if (next >= 0) {
        stream.unread(next);
      }
      return next >= 0;
    }
  }

  /** What may fail. */
  private interface Io<T> {
    T call() throws IOException;
  }

  /** Spark's interfaces know no checked exceptions. */
  private static <T> T unchecked(Io<T> io) {
    try {
      return io.call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
