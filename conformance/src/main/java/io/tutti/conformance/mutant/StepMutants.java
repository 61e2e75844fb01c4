package io.tutti.conformance.mutant;

import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CompiledModel;
import io.tutti.conformance.Group;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;

/** Backends whose steps give wrong rows. */
final class StepMutants {
  private StepMutants() {}

  static List<Mutant> all() {
    return List.of(
        after(
            "nan-logit",
            "one logit of a step is NaN",
            Group.GOLDENS,
            (rows, batch) -> {
              if (!rows.logits().isEmpty()) {
                rows.logits().getLast()[rows.width() - 1] = Float.NaN;
              }
            }),
        after(
            "rows-reversed",
            "rows of logits come in the opposite order",
            Group.STEP,
            (rows, batch) -> {
              if (batch.entries().size() > 1) {
                Collections.reverse(rows.logits());
              }
            }),
        after(
            "neighbour-leak",
            "a row takes up a little of another sequence's row",
            Group.STEP,
            (rows, batch) -> {
              if (batch.entries().size() > 1 && rows.logits().size() > 1) {
                float[] from = rows.logits().getFirst();
                float[] into = rows.logits().getLast();
                for (int v = 0; v < into.length; v++) {
                  into[v] += 1e-3f * from[v];
                }
              }
            }),
        after(
            "decode-differs-from-prefill",
            "steps of one token round differently although it declares otherwise",
            Group.STEP,
            (rows, batch) -> {
              if (batch.tokens() == 1) {
                nudge(rows);
              }
            }),
        new Mutant(
            "not-deterministic",
            "every third step rounds differently although it declares otherwise",
            Group.STEP,
            new Fault() {
              private int steps;

              @Override
              public Rows step(CompiledModel healthy, Batch batch) {
                Rows rows = Rows.of(healthy.step(batch));
                if (++steps % 3 == 0) {
                  nudge(rows);
                }
                return rows;
              }
            }),
        new Mutant(
            "last-is-first",
            "where the last token's logits are wanted, it gives the first one's",
            Group.STEP,
            new Fault() {
              @Override
              public Rows step(CompiledModel healthy, Batch batch) {
                Rows all = Rows.of(healthy.step(with(batch, LogitsWanted.ALL)));
                List<float[]> wanted = new ArrayList<>();
                int row = 0;
                for (Batch.Entry entry : batch.entries()) {
                  int count = entry.logits().rows(entry.tokens().length);
                  wanted.addAll(all.logits().subList(row, row + count));
                  row += entry.tokens().length;
                }
                return new Rows(all.width(), wanted, all.taps());
              }
            }),
        new Mutant(
            "none-is-last",
            "gives logits where none are wanted",
            Group.STEP,
            new Fault() {
              @Override
              public Rows step(CompiledModel healthy, Batch batch) {
                boolean none =
                    batch.entries().stream().anyMatch(e -> e.logits() == LogitsWanted.NONE);
                return Rows.of(healthy.step(none ? with(batch, LogitsWanted.LAST) : batch));
              }
            }),
        new Mutant(
            "entries-one-by-one",
            "an error in a later entry leaves the earlier ones grown",
            Group.LIFECYCLE,
            new Fault() {
              @Override
              public Rows step(CompiledModel healthy, Batch batch) {
                List<float[]> rows = new ArrayList<>();
                for (Batch.Entry entry : batch.entries()) {
                  rows.addAll(Rows.of(healthy.step(Batch.of(entry))).logits());
                }
                int width = healthy.graph().vocabSize();
                return new Rows(width, rows, new HashMap<>());
              }
            }),
        new Mutant(
            "tokens-wrapped",
            "a token out of range is brought into range silently",
            Group.LIFECYCLE,
            new Fault() {
              @Override
              public boolean wrapsTokens() {
                return true;
              }
            }),
        new Mutant(
            "steps-queue-up",
            "a concurrent step waits instead of being refused",
            Group.LIFECYCLE,
            new Fault() {
              @Override
              public boolean queuesSteps() {
                return true;
              }
            }));
  }

  private interface Spoil {
    void rows(Rows rows, Batch batch);
  }

  private static Mutant after(String name, String fault, Group caughtBy, Spoil spoil) {
    return new Mutant(
        name,
        fault,
        caughtBy,
        new Fault() {
          @Override
          public Rows step(CompiledModel healthy, Batch batch) {
            Rows rows = Rows.of(healthy.step(batch));
            spoil.rows(rows, batch);
            return rows;
          }
        });
  }

  /** Changes the last bit of one logit of each row. */
  private static void nudge(Rows rows) {
    rows.logits().forEach(row -> row[3] = Math.nextUp(row[3]));
  }

  private static Batch with(Batch batch, LogitsWanted wanted) {
    return new Batch(
        batch.entries().stream()
            .map(e -> new Batch.Entry(e.sequence(), e.tokens(), wanted))
            .toList(),
        batch.taps());
  }
}
