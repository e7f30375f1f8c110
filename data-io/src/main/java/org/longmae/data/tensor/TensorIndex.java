package org.longmae.data.tensor;

import java.util.List;
import java.util.Map;

/** What a file of tensors holds and where. */
record TensorIndex(List<StoredTensor> tensors, Map<String, String> metadata) {}
