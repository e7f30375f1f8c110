package org.longmae.data.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Types of elements, by their names in safetensors; stored little-endian. */
public enum TensorType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of an element. */
  public int bytes() {
    return bytes;
  }

  /** Whether its elements are numbers that weights may be. */
  public boolean isFloat() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }

  /** The type that NumPy names so; empty if its numbers are big-endian, or no numbers. */
  static Optional<TensorType> ofNumpy(String name) {
    return Arrays.stream(values()).filter(type -> type.isNumpy(name)).findFirst();
  }

  /** Of single bytes there is no order, which some writers do not know. */
  private boolean isNumpy(String name) {
    return numpy()
        .filter(own -> name.equals(own) || name.equals("<" + own.substring(1)))
        .isPresent();
  }

  /**
   * NumPy's name.
   *
   * @throws IllegalArgumentException if it has no such type
   */
  String requireNumpy() {
    return numpy()
        .orElseThrow(
            () -> new IllegalArgumentException("type must be one of NumPy's but was " + this));
  }

  /** NumPy's name; empty for BF16, which it lacks. */
  Optional<String> numpy() {
    return switch (this) {
      case BF16 -> Optional.empty();
      case BOOL -> Optional.of("|b1");
      case U8 -> Optional.of("|u1");
      case I8 -> Optional.of("|i1");
      case F64, F32, F16 -> Optional.of("<f" + bytes);
      case I64, I32, I16 -> Optional.of("<i" + bytes);
    };
  }

  static Optional<TensorType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * The next element as a float; of F64 the nearest.
   *
   * @throws IllegalStateException if this is no float type
   */
  float decode(ByteBuffer littleEndian) {
    return switch (this) {
      case F64 -> (float) littleEndian.getDouble();
      case F32 -> littleEndian.getFloat();
      case F16 -> ofHalf(littleEndian.getShort());
      case BF16 -> Float.intBitsToFloat(littleEndian.getShort() << 16);
      default -> throw new IllegalStateException(this + " is no float type");
    };
  }

  /**
   * Appends a float; to F16 and BF16 rounded to nearest, ties to even.
   *
   * @throws IllegalStateException if this is no float type
   */
  void encode(float value, ByteBuffer littleEndian) {
    switch (this) {
      case F64 -> littleEndian.putDouble(value);
      case F32 -> littleEndian.putFloat(value);
      case F16 -> littleEndian.putShort(toHalf(value));
      case BF16 -> littleEndian.putShort(toBfloat(value));
      default -> throw new IllegalStateException(this + " is no float type");
    }
  }

  /** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
  private static float ofHalf(short half) {
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
        };
    return half < 0 ? -magnitude : magnitude;
  }

  private static short toHalf(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    int half;
    if (Float.isNaN(value)) {
      half = 0x7e00;
    } else if (magnitude >= 65520) {
      half = 0x7c00;
    } else if (magnitude < 0x1p-14f) {
      // A whole number of 2⁻²⁴; the largest is the smallest normal number.
      half = (int) Math.rint(magnitude * 0x1p24);
    } else {
      // To nearest even: a carry out of the fraction is one more in the exponent, as it should be.
      int rest = bits & 0x7fffffff;
      half = (rest + 0xfff + (rest >>> 13 & 1) >>> 13) - (112 << 10);
    }
    return (short) (sign | half);
  }

  private static short toBfloat(float value) {
    int bits = Float.floatToIntBits(value);
    return Float.isNaN(value) ? (short) 0x7fc0 : (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
