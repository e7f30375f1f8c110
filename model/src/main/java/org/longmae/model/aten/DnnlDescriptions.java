package org.longmae.model.aten;

import static org.bytedeco.dnnl.global.dnnl.dnnl_last_impl_reached;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_next_impl;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_impl_info_str;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.util.function.Predicate;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** Operations that it takes more than one call to describe to oneDNN; all return its status. */
final class DnnlDescriptions {
  private DnnlDescriptions() {}

  /** Calls {@code dnnl_…_primitive_desc_create}. */
  interface Description {
    int create(dnnl_primitive_desc into);
  }

  /** The same of a backward, which is asked for with what forward would be. */
  interface BackwardDescription {
    int create(dnnl_primitive_desc into, dnnl_primitive_desc forward);
  }

  /** Describes a backward. */
  static int backward(dnnl_primitive_desc into, Description forward, BackwardDescription backward) {
    dnnl_primitive_desc hint = new dnnl_primitive_desc();
    int status = forward.create(hint);
    if (status == dnnl_success) {
      status = backward.create(into, hint);
      dnnl_primitive_desc_destroy(hint);
    }
    return status;
  }

  /**
   * Describes an operation by the first of oneDNN's implementations that is wanted, or by the first
   * of all if none is.
   *
   * @param wanted tells by an implementation's name, as {@code ONEDNN_VERBOSE} shows it
   */
  static int preferring(
      Predicate<String> wanted, dnnl_primitive_desc into, Description description) {
    int status = description.create(into);
    while (status == dnnl_success && !wanted.test(implementation(into))) {
      status = dnnl_primitive_desc_next_impl(into);
    }
    if (status == dnnl_last_impl_reached) {
      dnnl_primitive_desc_destroy(into);
      status = description.create(into);
    }
    return status;
  }

  private static String implementation(dnnl_primitive_desc description) {
    try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
      Dnnl.check(
          dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, name),
          "an implementation's name");
      return name.get(BytePointer.class).getString();
    }
  }
}
