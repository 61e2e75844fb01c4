package io.tutti.conformance;

import static io.tutti.conformance.Text.part;
import static io.tutti.conformance.Text.same;

import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.Sequence;
import io.tutti.api.backend.StepResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The contract of {@link CompiledModel#step} when all goes well. */
final class StepChecks {
  private static final Limits LIMITS = new Limits(128, 8, 256);
  private static final int TOKENS = 47;

  private StepChecks() {}

  static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    everywhere(checks, "a prompt in chunks equals the prompt in one step", StepChecks::chunks);
    everywhere(checks, "a ragged batch equals each sequence alone", StepChecks::ragged);
    everywhere(checks, "decoding in a batch equals decoding alone", StepChecks::decode);
    everywhere(checks, "the same steps give the same bits, where declared", StepChecks::repeat);
    once(checks, "rows of logits are those wanted, in order", StepChecks::rows);
    once(checks, "taps have every token of the batch, in order", StepChecks::taps);
    once(checks, "the order of the entries does not matter", StepChecks::order);
    return checks;
  }

  private static String chunks(CompiledModel model, Golden golden) {
    int[] ids = golden.ids(TOKENS);
    float[] whole = all(model, ids, TOKENS);
    for (int chunk : new int[] {1, 2, 5, 16, 31, 46}) {
      same(model, all(model, ids, chunk), whole, "chunks of " + chunk);
    }
    return TOKENS + " tokens in chunks of 1, 2, 5, 16, 31, 46";
  }

  private static float[] all(CompiledModel model, int[] ids, int chunk) {
    String head = model.graph().lmHead().name();
    return Trace.record(model, ids, chunk, Set.of(head)).value(head);
  }

  private static String ragged(CompiledModel model, Golden golden) {
    int[] lengths = {1, 17, 3, 32, 1, 9};
    List<int[]> texts = new ArrayList<>();
    List<float[]> alone = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      int[] text = part(golden.ids(TOKENS + 16), i * 3, i * 3 + lengths[i]);
      texts.add(text);
      try (Sequence sequence = model.newSequence()) {
        alone.add(Text.step(model, sequence, LogitsWanted.ALL, text));
      }
    }
    List<Sequence> sequences = new ArrayList<>();
    List<Batch.Entry> entries = new ArrayList<>();
    for (int[] text : texts) {
      Sequence sequence = model.newSequence();
      sequences.add(sequence);
      entries.add(new Batch.Entry(sequence, text, LogitsWanted.ALL));
    }
    float[] rows = Text.rows(model.step(Batch.of(entries)));
    int at = 0;
    for (int i = 0; i < lengths.length; i++) {
      Expect.equal(sequences.get(i).length(), lengths[i], "length of sequence " + i);
      int count = alone.get(i).length;
      same(model, Arrays.copyOfRange(rows, at, at + count), alone.get(i), "entry " + i);
      at += count;
    }
    sequences.forEach(Sequence::close);
    return lengths.length + " sequences of 1 to 32 tokens";
  }

  private static String decode(CompiledModel model, Golden golden) {
    int[] ids = golden.ids(TOKENS);
    int[] starts = {3, 11, 16, 24};
    int steps = 5;
    List<Sequence> sequences = new ArrayList<>();
    for (int start : starts) {
      Sequence sequence = model.newSequence();
      Text.step(model, sequence, LogitsWanted.NONE, part(ids, 0, start));
      sequences.add(sequence);
    }
    for (int s = 0; s < steps; s++) {
      List<Batch.Entry> entries = new ArrayList<>();
      for (int i = 0; i < starts.length; i++) {
        int[] token = {ids[starts[i] + s]};
        entries.add(new Batch.Entry(sequences.get(i), token, LogitsWanted.LAST));
      }
      float[] rows = Text.rows(model.step(Batch.of(entries)));
      int vocab = model.graph().vocabSize();
      for (int i = 0; i < starts.length; i++) {
        same(
            model,
            Arrays.copyOfRange(rows, i * vocab, (i + 1) * vocab),
            Text.fresh(model, part(ids, 0, starts[i] + s + 1)),
            "step " + s + ", sequence " + i);
      }
    }
    sequences.forEach(Sequence::close);
    return starts.length + " sequences, " + steps + " steps";
  }

  private static String repeat(CompiledModel model, Golden golden) {
    if (!model.report().numerics().deterministic()) {
      throw CheckStopped.skipped("the backend does not declare that it is deterministic");
    }
    int[] ids = golden.ids(TOKENS);
    float[] first = all(model, ids, TOKENS);
    float[] decoded = all(model, ids, 9);
    for (int run = 0; run < 8; run++) {
      same(model, true, all(model, ids, TOKENS), first, "run " + run);
      same(model, true, all(model, ids, 9), decoded, "run " + run + " in chunks of 9");
    }
    return "8 runs, bit for bit";
  }

  private static String rows(CompiledModel model, Golden golden) {
    int[] ids = golden.ids(20);
    int vocab = model.graph().vocabSize();
    float[] alone;
    try (Sequence sequence = model.newSequence()) {
      alone = Text.step(model, sequence, LogitsWanted.ALL, ids);
    }
    try (Sequence a = model.newSequence();
        Sequence b = model.newSequence();
        Sequence c = model.newSequence();
        Sequence d = model.newSequence()) {
      StepResult result =
          model.step(
              Batch.of(
                  new Batch.Entry(a, part(ids, 0, 3), LogitsWanted.ALL),
                  new Batch.Entry(b, part(ids, 0, 7), LogitsWanted.NONE),
                  new Batch.Entry(c, part(ids, 0, 12), LogitsWanted.LAST),
                  new Batch.Entry(d, part(ids, 0, 2), LogitsWanted.ALL)));
      Expect.equal(result.rows(), 6, "rows of logits for ALL(3), NONE(7), LAST(12), ALL(2)");
      Expect.equal(result.vocabSize(), vocab, "width of a row of logits");
      float[] rows = Text.rows(result);
      int[] expected = {0, 1, 2, 11, 0, 1};
      for (int r = 0; r < expected.length; r++) {
        same(
            model,
            row(rows, r, vocab),
            row(alone, expected[r], vocab),
            "row " + r + " (of the token at position " + expected[r] + ")");
      }
      StepResult none =
          model.step(Batch.of(new Batch.Entry(a, part(ids, 3, 5), LogitsWanted.NONE)));
      Expect.equal(none.rows(), 0, "rows of logits where none are wanted");
      same(
          model,
          Text.step(model, a, LogitsWanted.LAST, ids[5]),
          row(alone, 5, vocab),
          "the token after a step without logits");
    }
    return "ALL, NONE and LAST in one batch";
  }

  private static float[] row(float[] rows, int row, int width) {
    return Arrays.copyOfRange(rows, row * width, (row + 1) * width);
  }

  private static String taps(CompiledModel model, Golden golden) {
    int[] ids = golden.ids(20);
    String tap = model.graph().lmHead().input();
    String head = model.graph().lmHead().name();
    int hidden = model.graph().hiddenSize();
    float[] alone = Trace.record(model, ids, 20, Set.of(tap)).value(tap);
    try (Sequence a = model.newSequence();
        Sequence b = model.newSequence()) {
      StepResult result =
          model.step(
              Batch.of(
                      new Batch.Entry(a, part(ids, 0, 6), LogitsWanted.NONE),
                      new Batch.Entry(b, part(ids, 0, 9), LogitsWanted.LAST))
                  .withTaps(Set.of(tap, head)));
      Expect.equal(result.taps().size(), 2, "taps in the result");
      float[] found = result.tap(tap);
      Expect.that(
          found.length >= 15 * hidden,
          "tap " + tap + ": " + found.length + " values (expected: [15, " + hidden + "])");
      double tolerance = new Tolerances(model.report().numerics()).sameWork();
      for (int t = 0; t < 15; t++) {
        Comparison comparison =
            Comparison.of(
                row(found, t, hidden), Comparison.widen(row(alone, t < 6 ? t : t - 6, hidden)));
        Expect.that(
            comparison.within(tolerance),
            "row " + t + " of the tap: " + comparison.describe(hidden));
      }
      float[] logits = Arrays.copyOf(result.tap(head), model.graph().vocabSize());
      same(model, true, logits, Text.rows(result), "tap of the head");
    }
    try (Sequence a = model.newSequence()) {
      Map<String, ?> none = model.step(Batch.of(new Batch.Entry(a, ids, LogitsWanted.NONE))).taps();
      Expect.that(none.isEmpty(), "taps: " + none.keySet() + " (expected: none asked, none given)");
    }
    return "two entries";
  }

  private static String order(CompiledModel model, Golden golden) {
    int[] ids = golden.ids(30);
    int vocab = model.graph().vocabSize();
    try (Sequence a = model.newSequence();
        Sequence b = model.newSequence();
        Sequence c = model.newSequence();
        Sequence d = model.newSequence()) {
      float[] forward =
          Text.rows(
              model.step(
                  Batch.of(
                      new Batch.Entry(a, part(ids, 0, 10), LogitsWanted.LAST),
                      new Batch.Entry(b, part(ids, 10, 30), LogitsWanted.LAST))));
      float[] backward =
          Text.rows(
              model.step(
                  Batch.of(
                      new Batch.Entry(d, part(ids, 10, 30), LogitsWanted.LAST),
                      new Batch.Entry(c, part(ids, 0, 10), LogitsWanted.LAST))));
      same(model, row(backward, 1, vocab), row(forward, 0, vocab), "first text");
      same(model, row(backward, 0, vocab), row(forward, 1, vocab), "second text");
    }
    return "two entries, both ways";
  }

  private static void everywhere(List<Check> checks, String name, Stage.Play play) {
    checks.addAll(Stage.everywhere(Group.STEP, name, LIMITS, play));
  }

  private static void once(List<Check> checks, String name, Stage.Play play) {
    checks.add(Stage.once(Group.STEP, name, LIMITS, play));
  }
}
