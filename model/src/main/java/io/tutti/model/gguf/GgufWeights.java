package io.tutti.model.gguf;

import io.tutti.api.CheckpointException;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.api.weights.Weight;
import io.tutti.model.ingest.MappedWeights;
import java.util.LinkedHashMap;
import java.util.Map;

/** A GGUF file's tensors under Hugging Face names: stacked experts become one view each. */
public final class GgufWeights {
  // A stack of more is not believed; 57B-A14B has 64.
  private static final int MAX_EXPERTS = 65_536;

  private GgufWeights() {}

  /**
   * Names the tensors.
   *
   * @param maxTensors most names that are given
   * @throws CheckpointException if two tensors would have one name, or a stack has no three axes
   */
  public static Map<String, MappedWeights.Entry> entries(GgufFile file, int maxTensors) {
    Map<String, MappedWeights.Entry> entries = new LinkedHashMap<>();
    for (GgufFile.Tensor tensor : file.tensors().values()) {
      String experts = GgufNames.stackedExperts(tensor.name());
      if (experts == null) {
        String name = GgufNames.huggingFace(tensor.name());
        put(file, entries, name, entry(name, tensor), maxTensors);
      } else {
        slice(file, entries, experts, tensor, maxTensors);
      }
    }
    return entries;
  }

  private static MappedWeights.Entry entry(String name, GgufFile.Tensor tensor) {
    if (tensor.dtype().isEmpty()) {
      return new MappedWeights.Entry.Unsupported(GgmlType.name(tensor.type()));
    }
    Shape shape = tensor.shape();
    if (name.endsWith(".mlp.shared_expert_gate.weight") && shape.rank() == 1) {
      shape = Shape.of(1, shape.dim(0)); // ggml drops the axis of length 1
    }
    return new MappedWeights.Entry.Readable(
        new Weight(name, tensor.dtype().get(), shape, tensor.data()));
  }

  private static void slice(
      GgufFile file,
      Map<String, MappedWeights.Entry> entries,
      String names,
      GgufFile.Tensor tensor,
      int maxTensors) {
    Shape shape = tensor.shape(); // [experts, out, in]
    if (shape.rank() != 3 || shape.dim(0) > MAX_EXPERTS) {
      throw new CheckpointException(
          "tensor "
              + tensor.name()
              + " "
              + shape
              + " (expected: [experts, out, in], at most "
              + MAX_EXPERTS
              + " experts), in "
              + file.path());
    }
    Shape each = Shape.of(shape.dim(1), shape.dim(2));
    for (int e = 0; e < shape.dim(0); e++) {
      String name = names.replace("%d", Integer.toString(e));
      MappedWeights.Entry entry;
      if (tensor.dtype().isPresent()) {
        DType dtype = tensor.dtype().get();
        long bytes = dtype.bytes(each);
        entry =
            new MappedWeights.Entry.Readable(
                new Weight(name, dtype, each, tensor.data().asSlice(e * bytes, bytes)));
      } else {
        entry = new MappedWeights.Entry.Unsupported(GgmlType.name(tensor.type()));
      }
      put(file, entries, name, entry, maxTensors);
    }
  }

  private static void put(
      GgufFile file,
      Map<String, MappedWeights.Entry> entries,
      String name,
      MappedWeights.Entry entry,
      int maxTensors) {
    if (entries.put(name, entry) != null || entries.size() > maxTensors) {
      throw new CheckpointException(
          "tensor "
              + name
              + ": a second tensor of that name, or more than "
              + maxTensors
              + " (expected: each once), in "
              + file.path());
    }
  }
}
