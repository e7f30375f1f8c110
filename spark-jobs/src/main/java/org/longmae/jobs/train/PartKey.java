package org.longmae.jobs.train;

import java.util.Comparator;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.rdd.ShuffledRDD;
import scala.math.Ordering;
import scala.math.Ordering$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The keys that workers' parts are shuffled by: (part, worker) in one long, whose order is that of
 * part, then worker.
 */
final class PartKey {
  private static final int REPORT = -1;

  private PartKey() {}

  /** The key of a part of a worker's state. */
  static long of(int part, int worker) {
    return (long) part << Integer.SIZE | worker;
  }

  /** The key of a worker's report. */
  static long ofReport(int worker) {
    return of(REPORT, worker);
  }

  static boolean isReport(long key) {
    return part(key) == REPORT;
  }

  static int part(long key) {
    return (int) (key >> Integer.SIZE);
  }

  static int worker(long key) {
    return (int) key;
  }

  /** What workers sent, a part a partition, sorted; the reports are in the first one. */
  static JavaPairRDD<Long, Parcel> shuffled(JavaPairRDD<Long, Parcel> sent, int parts) {
    ClassTag<Parcel> parcel = ClassTag$.MODULE$.apply(Parcel.class);
    ClassTag<Long> key = sent.kClassTag();
    Ordering<Long> byKey = Ordering$.MODULE$.comparatorToOrdering(Comparator.<Long>naturalOrder());
    ShuffledRDD<Long, Parcel, Parcel> shuffled =
        new ShuffledRDD<>(sent.rdd(), new Dealer(parts), key, parcel, parcel);
    return JavaPairRDD.fromRDD(
        shuffled.setKeyOrdering(byKey).setSerializer(new ParcelSerializer()), key, parcel);
  }

  /** Deals parts out to reducers in turn; reports go to the first one. */
  static final class Dealer extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int reducers;

    Dealer(int reducers) {
      this.reducers = reducers;
    }

    @Override
    public int numPartitions() {
      return reducers;
    }

    @Override
    public int getPartition(Object key) {
      return isReport((Long) key) ? 0 : part((Long) key) % reducers;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Dealer dealer && dealer.reducers == reducers;
    }

    @Override
    public int hashCode() {
      return reducers;
    }
  }
}
