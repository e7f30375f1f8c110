package org.longmae.model.aten;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_exp;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_format_tag_any;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_strides;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_tag;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_eltwise;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_post_ops;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scratchpad_mode;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_exec_arg_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_scratchpad_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** One operation of oneDNN for one shape: made once, then run on whatever operands. */
final class DnnlPrimitive implements AutoCloseable {
  /**
   * How an operand lies in memory.
   *
   * @param argument its number in the operation, {@code DNNL_ARG_…}
   * @param strides of its axes, in elements
   * @param isPacked whether it is first copied into the layout that the operation likes best; of
   *     one operand at most
   */
  record Operand(int argument, ScalarType type, long[] shape, long[] strides, boolean isPacked) {
    Operand(int argument, ScalarType type, long[] shape, long[] strides) {
      this(argument, type, shape, strides, false);
    }

    Operand packed() {
      return new Operand(argument, type, shape, strides, true);
    }

    /** The same in another operation, as it lies. */
    Operand as(int otherArgument) {
      return new Operand(otherArgument, type, shape, strides);
    }

    /** Without a layout if it is packed; freed by the caller. */
    dnnl_memory_desc description() {
      dnnl_memory_desc into = new dnnl_memory_desc();
      int axes = shape.length;
      int number = type == ScalarType.BFloat16 ? dnnl_bf16 : dnnl_f32;
      Dnnl.check(
          isPacked
              ? dnnl_memory_desc_create_with_tag(into, axes, shape, number, dnnl_format_tag_any)
              : dnnl_memory_desc_create_with_strides(into, axes, shape, number, strides),
          "a description");
      return into;
    }
  }

  /**
   * What is done with each number of a result: exp(scale · c), or the same without exp.
   *
   * @param scale 1 leaves it
   */
  record After(float scale, boolean exponential) {
    static final After NOTHING = new After(1, false);

    static After scaled(float scale) {
      return new After(scale, false);
    }

    private dnnl_post_ops operations() {
      dnnl_post_ops operations = new dnnl_post_ops();
      Dnnl.check(dnnl_post_ops_create(operations), "post-operations");
      if (scale != 1) {
        Dnnl.check(
            dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_linear, scale, 0), "a scale");
      }
      if (exponential) {
        Dnnl.check(
            dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_exp, 0, 0), "an exponential");
      }
      return operations;
    }
  }

  /** Where an operand begins: so many elements behind the beginning of a tensor. */
  record Place(Tensor tensor, long offset) {
    Pointer address() {
      return new BytePointer(tensor.data_ptr()).position(offset * tensor.element_size());
    }
  }

  /** What an operation is described by, to be asked for with its own function. */
  interface Kind {
    /**
     * Calls {@code dnnl_…_primitive_desc_create}.
     *
     * @param operands their descriptions, in the order in which the operands are given
     */
    int describe(
        dnnl_primitive_desc into,
        dnnl_engine engine,
        dnnl_memory_desc[] operands,
        dnnl_primitive_attr attributes);
  }

  private final Dnnl dnnl;
  private final dnnl_primitive primitive = new dnnl_primitive();
  private final List<dnnl_memory> memories = new ArrayList<>();
  private final dnnl_exec_arg_t arguments;
  private final long scratchBytes;

  /** Of the operand at this place; null if none is packed. */
  private DnnlPacking packing;

  private int packedPlace;

  /** Makes an operation. */
  DnnlPrimitive(Dnnl dnnl, Kind kind, After after, Operand... operands) {
    this(dnnl, kind, after, operands, described(operands));
  }

  private static dnnl_memory_desc[] described(Operand[] operands) {
    return Arrays.stream(operands).map(Operand::description).toArray(dnnl_memory_desc[]::new);
  }

  /**
   * Makes an operation.
   *
   * @param descriptions of the operands; freed
   */
  DnnlPrimitive(
      Dnnl dnnl, Kind kind, After after, Operand[] operands, dnnl_memory_desc[] descriptions) {
    this.dnnl = dnnl;
    dnnl_primitive_attr attributes = attributes(after);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    Dnnl.check(kind.describe(description, dnnl.engine(), descriptions, attributes), "an operation");
    Dnnl.check(dnnl_primitive_create(primitive, description), "a primitive");

    arguments = new dnnl_exec_arg_t(operands.length + 1L);
    for (int i = 0; i < operands.length; i++) {
      int argument = operands[i].argument();
      if (operands[i].isPacked()) {
        // This and the scratchpad's description belong to the primitive's.
        dnnl_memory_desc layout =
            dnnl_primitive_desc_query_md(description, dnnl_query_exec_arg_md, argument);
        packing = new DnnlPacking(dnnl, operands[i], layout);
        packedPlace = i;
        bind(i, argument, layout);
      } else {
        bind(i, argument, descriptions[i]);
      }
    }
    dnnl_memory_desc scratch =
        dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    scratchBytes = scratch == null ? 0 : dnnl_memory_desc_get_size(scratch);
    if (scratchBytes > 0) {
      bind(operands.length, DNNL_ARG_SCRATCHPAD, scratch);
    }
    dnnl_primitive_desc_destroy(description);
    dnnl_primitive_attr_destroy(attributes);
    for (dnnl_memory_desc operand : descriptions) {
      dnnl_memory_desc_destroy(operand);
    }
  }

  /** A matrix product, or one for each of the leading axes: c = a b. */
  static DnnlPrimitive product(Dnnl dnnl, After after, Operand a, Operand b, Operand c) {
    return new DnnlPrimitive(
        dnnl,
        (into, engine, operands, attributes) ->
            dnnl_matmul_primitive_desc_create(
                into, engine, operands[0], operands[1], null, operands[2], attributes),
        after,
        a,
        b,
        c);
  }

  private static dnnl_primitive_attr attributes(After after) {
    dnnl_primitive_attr attributes = new dnnl_primitive_attr();
    Dnnl.check(dnnl_primitive_attr_create(attributes), "attributes");
    // Its own scratch would belong to the thread that makes the primitive.
    Dnnl.check(
        dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
        "a scratchpad");
    dnnl_post_ops operations = after.operations();
    Dnnl.check(dnnl_primitive_attr_set_post_ops(attributes, operations), "attributes");
    dnnl_post_ops_destroy(operations);
    return attributes;
  }

  private void bind(int place, int argument, dnnl_memory_desc description) {
    dnnl_memory operand = new dnnl_memory();
    Dnnl.check(dnnl_memory_create(operand, description, dnnl.engine(), null), "an operand");
    memories.add(operand);
    arguments.getPointer(place).arg(argument).memory(operand);
  }

  /**
   * Computes.
   *
   * @param operands in their order, each from its first element on
   */
  void run(Tensor... operands) {
    run(Arrays.stream(operands).map(Tensor::data_ptr).toArray(Pointer[]::new));
  }

  /** The same with operands that begin elsewhere. */
  void run(Place... operands) {
    run(Arrays.stream(operands).map(Place::address).toArray(Pointer[]::new));
  }

  /** The same of addresses. */
  void run(Pointer... operands) {
    for (int i = 0; i < operands.length; i++) {
      boolean packed = packing != null && i == packedPlace;
      set(i, packed ? packing.pack(operands[i]) : operands[i]);
    }
    execute();
  }

  private void execute() {
    if (scratchBytes > 0) {
      set(memories.size() - 1, dnnl.scratch(scratchBytes));
    }
    Dnnl.check(
        dnnl_primitive_execute(primitive, dnnl.stream(), memories.size(), arguments), "a result");
  }

  private void set(int place, Pointer address) {
    Dnnl.check(dnnl_memory_set_data_handle(memories.get(place), address), "an operand");
  }

  @Override
  public void close() {
    if (packing != null) {
      packing.close();
    }
    dnnl_primitive_destroy(primitive);
    memories.forEach(memory -> dnnl_memory_destroy(memory));
    arguments.close();
  }
}
