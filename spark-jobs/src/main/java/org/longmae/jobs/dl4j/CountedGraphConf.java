package org.longmae.jobs.dl4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * A graph's configuration that does not forget how many steps were taken. DL4J's workers clone it
 * at the start of each round, and its clone counts from 0: rates and Adam's bias correction would
 * begin anew each round.
 */
final class CountedGraphConf extends ComputationGraphConfiguration {
  private static final long serialVersionUID = 1L;

  private CountedGraphConf() {}

  static CountedGraphConf of(ComputationGraphConfiguration built) {
    CountedGraphConf conf = new CountedGraphConf();
    conf.setVertices(built.getVertices());
    conf.setVertexInputs(built.getVertexInputs());
    conf.setNetworkInputs(built.getNetworkInputs());
    conf.setNetworkOutputs(built.getNetworkOutputs());
    conf.setDefaultConfiguration(built.getDefaultConfiguration());
    conf.setTrainingWorkspaceMode(built.getTrainingWorkspaceMode());
    conf.setInferenceWorkspaceMode(built.getInferenceWorkspaceMode());
    conf.setCacheMode(built.getCacheMode());
    conf.setDataType(built.getDataType());
    conf.setValidateOutputLayerConfig(built.isValidateOutputLayerConfig());
    conf.setIterationCount(built.getIterationCount());
    conf.setEpochCount(built.getEpochCount());
    return conf;
  }

  @Override
  public ComputationGraphConfiguration clone() {
    ComputationGraphConfiguration copy = super.clone();
    copy.setIterationCount(getIterationCount());
    copy.setEpochCount(getEpochCount());
    return of(copy);
  }
}
