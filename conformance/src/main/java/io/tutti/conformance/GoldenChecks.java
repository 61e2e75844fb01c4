package io.tutti.conformance;

import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Numerics;
import io.tutti.api.backend.Sequence;
import io.tutti.api.backend.StepResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Golden checkpoints, whole and node by node. */
final class GoldenChecks {
  /**
   * Largest error of a single logit, in units of the root of the mean squared error, that counts as
   * within the declared error.
   */
  private static final double SIGMAS = 6;

  private GoldenChecks() {}

  static List<Check> all(List<Path> folders) {
    List<Check> checks = new ArrayList<>();
    for (Path folder : folders) {
      String name = folder.getFileName().toString();
      checks.add(new Check(Group.GOLDENS, name + ": logits", bench -> logits(bench, folder)));
      checks.add(
          new Check(Group.GOLDENS, name + ": hidden states", bench -> hidden(bench, folder)));
      checks.add(
          new Check(Group.GOLDENS, name + ": greedy tokens", bench -> greedy(bench, folder)));
      checks.add(new Check(Group.NODES, name, bench -> nodes(bench, folder)));
    }
    return checks;
  }

  private static String logits(Workbench bench, Path folder) {
    Golden golden = bench.golden(folder);
    int[] ids = golden.inputIds();
    try (CompiledModel model =
        bench.compile(golden.graph(), golden.weights(), ConformanceLimits.of(ids.length))) {
      Tolerances tolerances = new Tolerances(model.report().numerics());
      requireHonestDeclaration(model.report().numerics(), tolerances);
      String head = golden.graph().lmHead().name();
      float[] found = Trace.record(model, ids, ids.length, Set.of(head)).value(head);
      Comparison whole = Comparison.of(found, Comparison.widen(golden.logits()));
      if (!whole.within(tolerances.logits())) {
        throw CheckStopped.failed(
            String.format(
                Locale.ROOT,
                "logits: %s, tolerance %.1g",
                whole.describe(golden.graph().vocabSize()),
                tolerances.logits()));
      }
      int bound = sameChoices(golden, found, tolerances.logits());
      return String.format(
          Locale.ROOT,
          "NMSE %.2g, argmax equal in %d of %d rows bound",
          whole.nmse(),
          bound,
          bound);
    }
  }

  private static void requireHonestDeclaration(Numerics numerics, Tolerances tolerances) {
    Expect.that(
        numerics.logitsNmse() <= tolerances.logitsCap(),
        "declared logitsNmse: "
            + numerics.logitsNmse()
            + " (expected: <= "
            + tolerances.logitsCap()
            + " for "
            + numerics.fingerprint()
            + ")");
  }

  /** Argmax must be equal wherever the golden margin exceeds the declared error. */
  private static int sameChoices(Golden golden, float[] found, double nmse) {
    int vocab = golden.graph().vocabSize();
    double meanSquare = 0;
    for (float logit : golden.logits()) {
      meanSquare += (double) logit * logit / golden.logits().length;
    }
    double error = 2 * SIGMAS * Math.sqrt(nmse * meanSquare);
    int bound = 0;
    for (int row = 0; row < golden.inputIds().length; row++) {
      Golden.Choice choice = golden.choice(row);
      if (choice.margin() > error) {
        bound++;
        Expect.equal(argmax(found, row * vocab, vocab), choice.token(), "argmax of row " + row);
      }
    }
    return bound;
  }

  private static String hidden(Workbench bench, Path folder) {
    Golden golden = bench.golden(folder);
    int[] ids = golden.inputIds();
    Map<String, float[]> hidden = golden.hidden();
    if (hidden.isEmpty()) {
      throw CheckStopped.skipped("the golden folder records no hidden states");
    }
    try (CompiledModel model =
        bench.compile(golden.graph(), golden.weights(), ConformanceLimits.of(ids.length))) {
      double tolerance = new Tolerances(model.report().numerics()).logits();
      Trace trace = Trace.record(model, ids, ids.length, new HashSet<>(hidden.keySet()));
      double worst = 0;
      for (Map.Entry<String, float[]> state : hidden.entrySet()) {
        Comparison comparison =
            Comparison.of(trace.value(state.getKey()), Comparison.widen(state.getValue()));
        if (!comparison.within(tolerance)) {
          throw CheckStopped.failed(
              String.format(
                  Locale.ROOT,
                  "node %s: %s, tolerance %.1g",
                  state.getKey(),
                  comparison.describe(golden.graph().hiddenSize()),
                  tolerance));
        }
        worst = Math.max(worst, comparison.nmse());
      }
      return String.format(Locale.ROOT, "largest NMSE %.2g over %d nodes", worst, hidden.size());
    }
  }

  private static String greedy(Workbench bench, Path folder) {
    Golden golden = bench.golden(folder);
    int[] prompt = golden.greedyPrompt();
    int[] expected = golden.greedyTokens();
    try (CompiledModel model =
        bench.compile(
            golden.graph(),
            golden.weights(),
            ConformanceLimits.of(prompt.length + expected.length))) {
      if (!new Tolerances(model.report().numerics()).exactActivations()) {
        throw CheckStopped.skipped(
            "greedy tokens bind only backends that keep activations exact; this one declares "
                + model.report().numerics().fingerprint());
      }
      int[] found = new int[expected.length];
      try (Sequence sequence = model.newSequence()) {
        int[] next = prompt;
        for (int i = 0; i < found.length; i++) {
          StepResult result =
              model.step(Batch.of(new Batch.Entry(sequence, next, LogitsWanted.LAST)));
          float[] row = new float[result.vocabSize()];
          result.copyRow(0, row);
          found[i] = argmax(row, 0, row.length);
          next = new int[] {found[i]};
        }
      }
      Expect.that(
          Arrays.equals(found, expected),
          "greedy tokens: "
              + Arrays.toString(found)
              + " (expected: "
              + Arrays.toString(expected)
              + ")");
      return expected.length + " tokens equal";
    }
  }

  private static String nodes(Workbench bench, Path folder) {
    Golden golden = bench.golden(folder);
    if (!WeightValues.readable(golden.weights(), golden.graph().weights().keySet())) {
      throw CheckStopped.skipped(
          "the kit's formulas read F32, F16 and BF16; this checkpoint has other types");
    }
    int[] ids = golden.inputIds();
    try (CompiledModel model =
        bench.compile(golden.graph(), golden.weights(), ConformanceLimits.of(ids.length))) {
      int chunk = Math.max(1, ids.length / 3); // the cache takes part
      return NodeWise.check(model, WeightValues.of(golden.weights()), ids, chunk, 0);
    }
  }

  static int argmax(float[] values, int from, int count) {
    int best = from;
    for (int i = from; i < from + count; i++) {
      Expect.that(
          Float.isFinite(values[i]),
          "logit " + (i - from) + ": " + values[i] + " (expected: finite)");
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best - from;
  }
}
