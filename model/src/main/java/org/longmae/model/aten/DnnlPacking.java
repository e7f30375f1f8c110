package org.longmae.model.aten;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_clone;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.javacpp.Pointer;
import org.longmae.model.aten.DnnlPrimitive.After;
import org.longmae.model.aten.DnnlPrimitive.Operand;

/** Copies an operand into the layout that its operation likes best, before each call. */
final class DnnlPacking implements AutoCloseable {
  private final Dnnl dnnl;
  private final DnnlPrimitive reorder;
  private final long bytes;

  /**
   * Makes the copying.
   *
   * @param layout that the operation likes best
   */
  DnnlPacking(Dnnl dnnl, Operand operand, dnnl_memory_desc layout) {
    this.dnnl = dnnl;
    this.bytes = dnnl_memory_desc_get_size(layout);
    dnnl_memory_desc packed = new dnnl_memory_desc();
    Dnnl.check(dnnl_memory_desc_clone(packed, layout), "a description");
    Operand from = operand.as(DNNL_ARG_FROM);
    this.reorder =
        new DnnlPrimitive(
            dnnl,
            (into, engine, operands, attributes) ->
                dnnl_reorder_primitive_desc_create(
                    into, operands[0], engine, operands[1], engine, attributes),
            After.NOTHING,
            new Operand[] {from, operand.as(DNNL_ARG_TO)},
            new dnnl_memory_desc[] {from.description(), packed});
  }

  /** Packs, into memory that the next packing overwrites. */
  Pointer pack(Pointer from) {
    Pointer into = dnnl.packed(bytes);
    reorder.run(from, into);
    return into;
  }

  @Override
  public void close() {
    reorder.close();
  }
}
