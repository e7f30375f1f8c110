package org.longmae.model.aten;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.Type.TypePtr;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.ops.AdamW;

/**
 * AdamW in one pass over weights, moments and gradient, where single operations take seven. The
 * operator is found by name, see docs/decisions/0006-fused-attention-by-name.md.
 */
final class AtenFusedAdamW implements AutoCloseable {
  static final String OPERATOR = "aten::_fused_adamw_";

  private final AtenMemory memory;
  private final AtenTransfers transfers;
  private final OperatorHandle operator;
  private final TypePtr tensors;

  AtenFusedAdamW(AtenMemory memory, AtenTransfers transfers) {
    this.memory = memory;
    this.transfers = transfers;
    this.operator = Dispatcher.singleton().findSchemaOrThrow(OPERATOR, "");
    try (TensorList list = new TensorList()) {
      this.tensors = list.elementType();
    }
  }

  /** Some elements of the state and their gradient, all of one type; the gradient is scaled. */
  record Slice(Tensor parameters, Tensor first, Tensor second, Tensor gradient) {}

  /** The steps of one call of the optimiser: what changes from step to step lies in a tensor. */
  interface Steps extends AutoCloseable {
    void take(Slice slice);

    @Override
    void close();
  }

  Steps steps(AdamW settings) {
    AtenTensor numbers = memory.borrow(ScalarType.Float, 2);
    // The operator divides by its scale.
    float[] values = {settings.step(), (float) (1 / settings.gradientScale())};
    transfers.write(values, numbers.array(), 2);
    Tensor step = numbers.view("step", all -> all.narrow(0, 0, 1));
    Tensor divisor = numbers.view("divisor", all -> all.narrow(0, 1, 1));
    return new Steps() {
      @Override
      public void take(Slice slice) {
        try (IValueVector stack = arguments(slice, settings, step, divisor)) {
          operator.callBoxed(stack);
        }
      }

      @Override
      public void close() {
        memory.giveBack(numbers);
      }
    };
  }

  private IValueVector arguments(Slice slice, AdamW settings, Tensor step, Tensor divisor) {
    IValueVector stack = new IValueVector();
    push(stack, list(slice.parameters()), list(slice.gradient()));
    push(stack, list(slice.first()), list(slice.second()), list(), list(step));
    push(stack, new IValue(settings.rate()));
    push(stack, new IValue(settings.beta1()), new IValue(settings.beta2()));
    push(stack, new IValue(settings.decay()), new IValue(settings.epsilon()));
    push(stack, new IValue(false), new IValue(false)); // amsgrad, maximize
    push(stack, settings.gradientScale() == 1 ? new IValue() : new IValue(divisor), new IValue());
    return stack;
  }

  private static void push(IValueVector stack, IValue... values) {
    for (IValue value : values) {
      stack.push_back(value);
      value.close();
    }
  }

  private IValue list(Tensor... elements) {
    try (GenericList list = new GenericList(tensors)) {
      for (Tensor element : elements) {
        try (IValue value = new IValue(element)) {
          list.push_back(value);
        }
      }
      return new IValue(list);
    }
  }

  @Override
  public void close() {
    operator.close();
    tensors.close();
  }
}
