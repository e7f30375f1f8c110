package org.longmae.jobs.dl4j;

import java.util.List;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Forward and backward of the autoencoder behind DL4J's interface: parameters from its view into
 * the executor's engine, the gradient from there into its view.
 */
public final class MaeLayer extends BaseLayer<MaeLayerConf> implements IOutputLayer {
  private static final long serialVersionUID = 1L;

  private transient INDArray labels;

  /** The loss of the batch whose gradient was asked for last. */
  private double loss;

  /** A layer without parameters yet. */
  public MaeLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    float[] gradient = new float[Math.toIntExact(paramsFlattened.length())];
    loss =
        WorkerEngine.of(layerConf())
            .gradient(floats(paramsFlattened), floats(input), indices(labels), gradient);
    gradientsFlattened.assign(Nd4j.createFromArray(gradient).reshape(gradientsFlattened.shape()));
    Gradient result = new DefaultGradient(gradientsFlattened);
    gradientViews.forEach(result::setGradientFor);
    return new Pair<>(result, null);
  }

  /** DL4J asks for it after backward, and reports it: the loss alone, as all else here does. */
  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    score = loss;
    return score;
  }

  private static float[] floats(INDArray array) {
    return array.data().getFloatsAt(array.offset(), Math.toIntExact(array.length()));
  }

  private static int[] indices(INDArray shuffles_BL) {
    float[] values = floats(shuffles_BL);
    int[] indices = new int[values.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (int) values[i];
    }
    return indices;
  }

  @Override
  public boolean needsLabels() {
    return true;
  }

  @Override
  public void setLabels(INDArray labels) {
    this.labels = labels;
  }

  @Override
  public INDArray getLabels() {
    return labels;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public boolean hasBias() {
    return false;
  }

  // What a model that neither classifies nor has an output cannot do.

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    throw unsupported();
  }

  @Override
  public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
    throw unsupported();
  }

  @Override
  public double f1Score(DataSet data) {
    throw unsupported();
  }

  @Override
  public double f1Score(INDArray examples, INDArray labels) {
    throw unsupported();
  }

  @Override
  @Deprecated // There: this is the interface's.
  public int numLabels() {
    throw unsupported();
  }

  @Override
  public void fit(DataSetIterator data) {
    throw unsupported();
  }

  @Override
  public void fit(INDArray examples, INDArray labels) {
    throw unsupported();
  }

  @Override
  public void fit(DataSet data) {
    throw unsupported();
  }

  @Override
  public void fit(INDArray examples, int[] labels) {
    throw unsupported();
  }

  @Override
  public int[] predict(INDArray examples) {
    throw unsupported();
  }

  @Override
  public List<String> predict(DataSet data) {
    throw unsupported();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "the autoencoder is trained by DL4J, and evaluated from its checkpoint");
  }
}
