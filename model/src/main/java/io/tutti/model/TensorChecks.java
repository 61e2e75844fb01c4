package io.tutti.model;

import io.tutti.api.graph.Graph;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.api.weights.Weight;
import io.tutti.model.Finding.Severity;
import io.tutti.model.quant.Quantizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The doctor's comparison of the tensors with the graph. */
final class TensorChecks {
  private static final int NAMED = 4;
  private static final long LONGEST_VECTOR = 1 << 20;

  private final Checkpoint checkpoint;
  private final Graph graph;
  private final List<Finding> findings;

  TensorChecks(Checkpoint checkpoint, Graph graph, List<Finding> findings) {
    this.checkpoint = checkpoint;
    this.graph = graph;
    this.findings = findings;
  }

  void run() {
    Map<String, Shape> expected = graph.weights();
    Map<String, String> unreadable = checkpoint.unreadableTensors();
    Set<String> present = checkpoint.weights().names();
    List<String> missing = new ArrayList<>();
    List<String> shapes = new ArrayList<>();
    List<String> types = new ArrayList<>();
    List<String> quantized = new ArrayList<>();
    List<String> notFinite = new ArrayList<>();
    expected.forEach(
        (name, shape) -> {
          if (!present.contains(name)) {
            missing.add(name + " " + shape);
          } else if (unreadable.containsKey(name)) {
            types.add(name + " " + unreadable.get(name));
          } else {
            Weight weight = checkpoint.weights().get(name);
            if (!weight.shape().equals(shape)) {
              shapes.add(weight + " (expected: " + shape + ")");
            }
            if (!weight.dtype().weightType()) {
              types.add(name + " " + weight.dtype());
            } else if (shape.rank() == 1 && !finite(weight)) {
              notFinite.add(name);
            }
            if (weight.dtype().quantized() && sensitive(name)) {
              quantized.add(name + " " + weight.dtype());
            }
          }
        });
    report(
        missing,
        Severity.ERROR,
        "tensor-missing",
        "tensors that the configuration asks for are missing",
        "fetch the checkpoint again, or correct the configuration");
    report(
        shapes,
        Severity.ERROR,
        "tensor-shape",
        "tensors have another shape than the configuration says",
        "correct the configuration: it belongs to another checkpoint");
    report(
        types,
        Severity.ERROR,
        "tensor-type",
        "tensors have a type that cannot be read",
        "use a checkpoint in F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K or Q6_K");
    report(
        notFinite,
        Severity.ERROR,
        "not-finite",
        "vectors hold NaN or infinity",
        "fetch the checkpoint again: it is damaged or was converted with an overflow");
    report(
        quantized,
        Severity.WARNING,
        "router-quantised",
        "routers, gates, norms or biases are quantised, which changes which experts are chosen",
        "convert anew and keep these small tensors in F32");
    extra(expected, present);
    mixedTypes(expected.keySet(), unreadable.keySet());
  }

  private void extra(Map<String, Shape> expected, Set<String> present) {
    List<String> extra = new ArrayList<>();
    for (String name : present) {
      if (expected.containsKey(name)) {
        continue;
      }
      if (name.equals("lm_head.weight")) {
        findings.add(
            new Finding(
                Severity.WARNING,
                "head-although-tied",
                "lm_head.weight is there although tie_word_embeddings says that the embedding is"
                    + " the head; the embedding is used",
                "set tie_word_embeddings to false if the head was trained apart"));
      } else {
        extra.add(name);
      }
    }
    report(
        extra,
        Severity.WARNING,
        "tensor-extra",
        "tensors are there that the graph does not read",
        "check that the configuration belongs to these weights");
  }

  /** One type in the configuration and another in the file is worth knowing. */
  private void mixedTypes(Set<String> expected, Set<String> unreadable) {
    String configured =
        checkpoint
            .config()
            .string("dtype")
            .or(() -> checkpoint.config().string("torch_dtype"))
            .orElse("");
    DType dtype =
        switch (configured) {
          case "bfloat16" -> DType.BF16;
          case "float16" -> DType.F16;
          case "float32" -> DType.F32;
          default -> null;
        };
    if (dtype == null) {
      return;
    }
    Set<DType> found = new LinkedHashSet<>();
    for (String name : expected) {
      if (checkpoint.weights().names().contains(name) && !unreadable.contains(name)) {
        found.add(checkpoint.weights().get(name).dtype());
      }
    }
    if (!found.isEmpty() && !found.equals(Set.of(dtype))) {
      findings.add(
          new Finding(
              Severity.INFO,
              "type-differs",
              "the configuration says " + configured + " and the tensors are " + found,
              "nothing; the tensors' own types count"));
    }
  }

  private static boolean finite(Weight weight) {
    if (weight.shape().elements() > LONGEST_VECTOR) {
      return true;
    }
    for (float value : Quantizer.dequantize(weight.dtype(), weight.data())) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sensitive(String name) {
    return name.endsWith(".mlp.gate.weight")
        || name.endsWith(".shared_expert_gate.weight")
        || name.endsWith("norm.weight")
        || name.endsWith(".bias");
  }

  private void report(
      List<String> tensors, Severity severity, String code, String what, String remedy) {
    if (!tensors.isEmpty()) {
      findings.add(
          new Finding(
              severity,
              code,
              tensors.size()
                  + " "
                  + what
                  + ": "
                  + String.join(", ", tensors.subList(0, Math.min(NAMED, tensors.size())))
                  + (tensors.size() > NAMED ? ", ..." : ""),
              remedy));
    }
  }
}
