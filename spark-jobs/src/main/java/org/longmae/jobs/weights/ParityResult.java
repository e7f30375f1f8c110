package org.longmae.jobs.weights;

import java.util.List;

/**
 * What this implementation made of a parity kit.
 *
 * @param loss of the first batch, before any step
 * @param rates learning rate of each step
 * @param losses of each step, before it
 * @param compute backend, device and precision
 */
public record ParityResult(double loss, List<Double> rates, List<Double> losses, String compute) {
  public ParityResult {
    rates = List.copyOf(rates);
    losses = List.copyOf(losses);
  }
}
