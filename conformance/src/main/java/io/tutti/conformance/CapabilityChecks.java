package io.tutti.conformance;

import io.tutti.api.TuttiException;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.MemoryEstimate;
import io.tutti.api.backend.ProgressListener;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.graph.WeightRef;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether {@code check} tells the truth. Every other group holds it to its word too: whatever it
 * calls supported must run, whatever it calls unsupported must be refused by {@code compile}.
 */
final class CapabilityChecks {
  private static final Limits LIMITS = new Limits(16, 1, 16);

  private CapabilityChecks() {}

  static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    for (DType dtype : DType.values()) {
      if (!dtype.weightType()) {
        checks.add(
            check(
                "weights of type " + dtype + " are refused",
                bench -> refused(bench, dtype, 32, true)));
      }
    }
    checks.add(
        check(
            "a tensor of another shape is refused", bench -> refused(bench, DType.F32, 31, true)));
    checks.add(check("a missing tensor is refused", bench -> refused(bench, DType.F32, 32, false)));
    checks.add(check("the model reports what check reported", CapabilityChecks::sameReport));
    checks.add(check("the memory estimate is an estimate", CapabilityChecks::memory));
    checks.add(check("progress goes from start to end", CapabilityChecks::progress));
    return checks;
  }

  private static Check check(String name, Check.Body body) {
    return new Check(Group.CAPABILITY, name, body);
  }

  /** A graph whose linear layer does not find the weight that it expects, {@code [32, 32]}. */
  private static String refused(Workbench bench, DType dtype, int rows, boolean present) {
    return Workbench.withWeights(
        weights -> {
          weights.random("embed.weight", DType.F32, Shape.of(8, 32), 1);
          weights.random("lm_head.weight", DType.F32, Shape.of(8, 32), 1);
          if (present) {
            weights.random("linear.weight", dtype, Shape.of(rows, 32), 1);
          }
          WeightRef expected = new WeightRef("linear.weight", Shape.of(32, 32));
          Graph graph =
              new Graph(
                  "conformance",
                  64,
                  List.of(
                      new Node.Embedding("embed", new WeightRef("embed.weight", Shape.of(8, 32))),
                      new Node.Linear("linear", "embed", expected, Optional.empty()),
                      new Node.LmHead(
                          "lm_head", "linear", new WeightRef("lm_head.weight", Shape.of(8, 32)))));
          boolean supported;
          try {
            supported = bench.check(graph, weights, LIMITS).supported();
          } catch (TuttiException e) {
            supported = false; // a checkpoint that contradicts its graph may be called damaged
          }
          Expect.that(!supported, "check (expected: unsupported)");
          Expect.thrown(
              TuttiException.class,
              "compile",
              () -> bench.backend().compile(graph, weights, LIMITS, ProgressListener.NONE).close());
          return "";
        });
  }

  private static String sameReport(Workbench bench) {
    Golden golden = bench.golden(BuiltInGoldens.folder("dense-tied-gqa"));
    CapabilityReport asked = bench.check(golden.graph(), golden.weights(), LIMITS);
    try (CompiledModel model = bench.compile(golden.graph(), golden.weights(), LIMITS)) {
      CapabilityReport got = model.report();
      Expect.that(
          got.numerics().equals(asked.numerics()),
          "numerics of the model: " + got.numerics() + " (expected: " + asked.numerics() + ")");
      Expect.that(
          got.verdicts().equals(asked.verdicts()),
          "verdicts of the model (expected: those of check)");
      return asked.numerics().fingerprint();
    }
  }

  private static String memory(Workbench bench) {
    Golden golden = bench.golden(BuiltInGoldens.folder("dense-tied-gqa"));
    CapabilityReport report = bench.check(golden.graph(), golden.weights(), LIMITS);
    if (!report.supported()) {
      bench.compile(golden.graph(), golden.weights(), LIMITS).close(); // says why
    }
    MemoryEstimate memory = report.memory();
    Expect.that(
        memory.mappedWeightBytes() >= 0
            && memory.repackedWeightBytes() >= 0
            && memory.mappedWeightBytes() + memory.repackedWeightBytes() > 0,
        "bytes of weights in " + memory + " (expected: > 0, mapped or repacked)");
    Expect.that(memory.kvBytesPerToken() > 0, "kvBytesPerToken in " + memory + " (expected: > 0)");
    Expect.that(memory.scratchBytes() >= 0, "scratchBytes in " + memory + " (expected: >= 0)");
    MemoryEstimate larger =
        bench.check(golden.graph(), golden.weights(), new Limits(64, 4, 256)).memory();
    Expect.that(
        larger.scratchBytes() >= memory.scratchBytes(),
        "scratchBytes for larger limits: " + larger + " (expected: not less than " + memory + ")");
    return memory.toString();
  }

  private static String progress(Workbench bench) {
    Golden golden = bench.golden(BuiltInGoldens.folder("dense-tied-gqa"));
    bench.compile(golden.graph(), golden.weights(), LIMITS).close(); // unsupported ends here
    Thread caller = Thread.currentThread();
    bench
        .backend()
        .compile(
            golden.graph(),
            golden.weights(),
            LIMITS,
            (phase, done, total) -> {
              Expect.that(
                  total >= 1 && done >= 0 && done <= total && !phase.isBlank(),
                  "progress: " + phase + " " + done + " of " + total + " (expected: 0..total)");
              Expect.that(
                  Thread.currentThread().equals(caller),
                  "progress on " + Thread.currentThread() + " (expected: the calling thread)");
            })
        .close();
    return "";
  }
}
