package org.longmae.jobs.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.longmae.model.ParameterLayout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Cuts DL4J's flat vector of parameters in two: what is decayed, and behind it what is not. So its
 * order is that of {@link ParameterLayout}.
 */
final class MaeLayerParams implements ParamInitializer {
  static final String DECAYED = "decayed";
  static final String REST = "rest";

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return layout(layer).size();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return List.of(DECAYED, REST);
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of(DECAYED);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of(REST);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return key.equals(DECAYED);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return key.equals(REST);
  }

  /** Weights are drawn by the run, not here. */
  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray view, boolean initialize) {
    paramKeys(conf.getLayer()).forEach(conf::addVariable);
    return cut(conf, view);
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray view) {
    return cut(conf, view);
  }

  private static Map<String, INDArray> cut(NeuralNetConfiguration conf, INDArray view) {
    ParameterLayout layout = layout(conf.getLayer());
    INDArray flat = view.reshape(view.length());
    Map<String, INDArray> parts = new LinkedHashMap<>();
    parts.put(DECAYED, part(flat, 0, layout.decayedSize()));
    parts.put(REST, part(flat, layout.decayedSize(), layout.size()));
    return parts;
  }

  private static INDArray part(INDArray flat, long from, long to) {
    return flat.get(NDArrayIndex.interval(from, to)).reshape(1, to - from);
  }

  private static ParameterLayout layout(Layer layer) {
    return ((MaeLayerConf) layer).layout();
  }
}
