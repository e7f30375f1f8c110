/**
 * Files of named tensors, as training leaves them and others read them: safetensors, PyTorch's
 * {@code .pth}, NumPy's {@code .npz}, Detectron2's {@code .pkl}. Reading, each format is an index
 * into one file ({@link org.longmae.data.tensor.TensorFile}); nothing in a file is executed.
 */
package org.longmae.data.tensor;
