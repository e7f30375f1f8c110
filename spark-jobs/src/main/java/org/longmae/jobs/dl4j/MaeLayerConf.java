package org.longmae.jobs.dl4j;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The masked autoencoder of a run as a layer of DL4J.
 *
 * <p>Its input is a batch's pictures, [B, C·H·W], its labels the order of each one's patches, [B,
 * L]; it has no output but the loss. A bean, as DL4J sends configurations as JSON.
 */
public final class MaeLayerConf extends BaseLayer {
  private static final long serialVersionUID = 1L;

  private String run;
  private int threads;

  /** For JSON. */
  public MaeLayerConf() {}

  /**
   * The autoencoder of a run.
   *
   * @param threads cores that a worker computes on
   */
  public MaeLayerConf(RunConfig run, int threads) {
    this.run = ConfigLoader.render(run);
    this.threads = threads;
  }

  /** The run's configuration, as text. */
  public String getRun() {
    return run;
  }

  /** For JSON. */
  public void setRun(String run) {
    this.run = run;
  }

  /** Cores that a worker computes on. */
  public int getThreads() {
    return threads;
  }

  /** For JSON. */
  public void setThreads(int threads) {
    this.threads = threads;
  }

  RunConfig runConfig() {
    return new ConfigLoader().text(run, "run").run();
  }

  ParameterLayout layout() {
    return ParameterLayout.of(MaeSpec.of(runConfig()));
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray paramsView,
      boolean initialize,
      DataType type) {
    MaeLayer layer = new MaeLayer(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(paramsView);
    Map<String, INDArray> params = initializer().init(conf, paramsView, initialize);
    layer.setParamTable(params);
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return new MaeLayerParams();
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return InputType.feedForward(1);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    // The configuration says it.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public boolean isPretrainParam(String name) {
    return false;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    throw new UnsupportedOperationException("longmae plan says what memory a run needs");
  }
}
