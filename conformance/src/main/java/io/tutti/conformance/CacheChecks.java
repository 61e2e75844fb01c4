package io.tutti.conformance;

import static io.tutti.conformance.Text.join;
import static io.tutti.conformance.Text.part;
import static io.tutti.conformance.Text.same;

import io.tutti.api.BackendException;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The contract of {@link Sequence}: fork, truncate, limits. */
final class CacheChecks {
  private static final Limits LIMITS = new Limits(160, 8, 160);

  /** Around the sizes of pages that backends use. */
  private static final int[] LENGTHS = {1, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 128};

  private CacheChecks() {}

  static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    everywhere(checks, "a fork and its origin go on independently", CacheChecks::fork);
    everywhere(checks, "truncate and go on equals a fresh text", CacheChecks::truncate);
    once(checks, "a fork survives the close of its origin", CacheChecks::forkOutlives);
    once(checks, "truncating one of two forks leaves the other", CacheChecks::truncateFork);
    once(checks, "a fork of a fork, and one text in eight", CacheChecks::forkTree);
    once(checks, "truncate refuses what is out of range", CacheChecks::truncateRange);
    checks.add(
        Stage.once(
            Group.CACHE,
            "at most maxSequences are open",
            new Limits(64, 3, 64),
            CacheChecks::maxSequences));
    checks.add(
        Stage.once(
            Group.CACHE,
            "a sequence fills up to maxTokensPerSequence, not further",
            new Limits(40, 2, 64),
            CacheChecks::maxTokens));
    checks.add(
        Stage.once(
            Group.CACHE,
            "closed sequences make room, many times over",
            new Limits(96, 2, 96),
            CacheChecks::reuse));
    return checks;
  }

  private static String fork(CompiledModel model, Golden golden) {
    for (int length : LENGTHS) {
      int[] prompt = golden.ids(length);
      int[] left = {5, 6, 7, 8};
      int[] right = {9, 10, 11, 12};
      try (Sequence origin = model.newSequence()) {
        Text.step(model, origin, LogitsWanted.NONE, prompt);
        try (Sequence fork = origin.fork()) {
          Expect.equal(fork.length(), length, "length of a fork");
          // In turns, so that one overwrites what the other wrote if they share by mistake.
          for (int i = 0; i < left.length; i++) {
            float[] ofOrigin = Text.step(model, origin, LogitsWanted.LAST, left[i]);
            Expect.equal(fork.length(), length + i, "length of the fork when its origin grows");
            float[] ofFork = Text.step(model, fork, LogitsWanted.LAST, right[i]);
            Expect.equal(origin.length(), length + i + 1, "length of the origin");
            String what = " after a prompt of " + length + " and " + (i + 1) + " tokens";
            same(
                model,
                ofOrigin,
                Text.fresh(model, join(prompt, part(left, 0, i + 1))),
                "origin" + what);
            same(
                model,
                ofFork,
                Text.fresh(model, join(prompt, part(right, 0, i + 1))),
                "fork" + what);
          }
        }
      }
    }
    return "prompts of 1 to 128 tokens";
  }

  private static String truncate(CompiledModel model, Golden golden) {
    int[] text = golden.ids(130);
    for (int length : LENGTHS) {
      try (Sequence sequence = model.newSequence()) {
        Text.step(model, sequence, LogitsWanted.NONE, text);
        sequence.truncate(length);
        Expect.equal(sequence.length(), length, "length after truncate");
        int[] more = {7, 3, 11};
        same(
            model,
            Text.step(model, sequence, LogitsWanted.LAST, more),
            Text.fresh(model, join(part(text, 0, length), more)),
            "truncated to " + length);
        sequence.truncate(0);
        same(
            model,
            Text.step(model, sequence, LogitsWanted.LAST, more),
            Text.fresh(model, more),
            "truncated to 0");
      }
    }
    return "to 0 and to 1 .. 128 tokens";
  }

  private static String forkOutlives(CompiledModel model, Golden golden) {
    int[] prompt = golden.ids(37);
    Sequence origin = model.newSequence();
    Text.step(model, origin, LogitsWanted.NONE, prompt);
    try (Sequence fork = origin.fork()) {
      origin.close();
      try (Sequence other = model.newSequence()) { // may take over what the origin gave back
        Text.step(model, other, LogitsWanted.NONE, golden.ids(90));
        same(
            model,
            Text.step(model, fork, LogitsWanted.LAST, 4),
            Text.fresh(model, join(prompt, 4)),
            "fork of a closed sequence");
      }
    }
    return "";
  }

  private static String truncateFork(CompiledModel model, Golden golden) {
    int[] prompt = golden.ids(75);
    for (int keep : new int[] {0, 3, 16, 40, 64, 70}) {
      try (Sequence origin = model.newSequence()) {
        Text.step(model, origin, LogitsWanted.NONE, prompt);
        try (Sequence fork = origin.fork()) {
          fork.truncate(keep);
          int[] other = new int[20];
          Arrays.fill(other, 9);
          same(
              model,
              Text.step(model, fork, LogitsWanted.LAST, other),
              Text.fresh(model, join(part(prompt, 0, keep), other)),
              "fork truncated to " + keep);
          same(
              model,
              Text.step(model, origin, LogitsWanted.LAST, 4),
              Text.fresh(model, join(prompt, 4)),
              "origin of a fork that was truncated to " + keep + " and rewritten");
        }
      }
    }
    return "";
  }

  private static String forkTree(CompiledModel model, Golden golden) {
    int[] prompt = golden.ids(21);
    List<Sequence> leaves = new ArrayList<>();
    Sequence root = model.newSequence();
    Text.step(model, root, LogitsWanted.NONE, prompt);
    leaves.add(root);
    while (leaves.size() < 7) { // one stays free for the comparison
      leaves.add(leaves.get(leaves.size() / 2).fork());
    }
    List<float[]> found = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      found.add(Text.step(model, leaves.get(i), LogitsWanted.LAST, i, i + 20, i + 40));
    }
    for (int i = 0; i < leaves.size(); i++) {
      same(
          model,
          found.get(i),
          Text.fresh(model, join(prompt, i, i + 20, i + 40)),
          "leaf " + i + " of " + leaves.size());
    }
    leaves.forEach(Sequence::close);
    return leaves.size() + " leaves";
  }

  private static String truncateRange(CompiledModel model, Golden golden) {
    try (Sequence sequence = model.newSequence()) {
      Text.step(model, sequence, LogitsWanted.NONE, golden.ids(10));
      Expect.thrown(IllegalArgumentException.class, "truncate to -1", () -> sequence.truncate(-1));
      Expect.thrown(
          IllegalArgumentException.class, "truncate 10 to 11", () -> sequence.truncate(11));
      Expect.equal(sequence.length(), 10, "length after refused truncates");
      sequence.truncate(10);
      Expect.equal(sequence.length(), 10, "length after truncate to the length");
    }
    return "";
  }

  private static String maxSequences(CompiledModel model, Golden golden) {
    List<Sequence> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(model.newSequence());
    }
    Expect.thrown(BackendException.class, "a 4th sequence of 3", () -> model.newSequence().close());
    Expect.thrown(
        BackendException.class, "a fork as 4th sequence of 3", () -> open.get(0).fork().close());
    open.get(1).close();
    open.get(1).close(); // twice: must not count twice
    open.set(1, model.newSequence());
    Expect.thrown(
        BackendException.class, "a 4th sequence after a close", () -> model.newSequence().close());
    open.forEach(Sequence::close);
    return "";
  }

  private static String maxTokens(CompiledModel model, Golden golden) {
    int[] ids = golden.ids(45);
    try (Sequence sequence = model.newSequence()) {
      Expect.thrown(
          IllegalArgumentException.class,
          "41 tokens of 40",
          () -> Text.step(model, sequence, LogitsWanted.NONE, part(ids, 0, 41)));
      Expect.equal(sequence.length(), 0, "length after a refused step");
      Text.step(model, sequence, LogitsWanted.NONE, part(ids, 0, 39));
      same(
          model,
          Text.step(model, sequence, LogitsWanted.LAST, ids[39]),
          Text.fresh(model, part(ids, 0, 40)),
          "the last token that fits");
      Expect.thrown(
          IllegalArgumentException.class,
          "a 41st token of 40",
          () -> Text.step(model, sequence, LogitsWanted.LAST, ids[40]));
      Expect.equal(sequence.length(), 40, "length after a refused step");
    }
    return "";
  }

  private static String reuse(CompiledModel model, Golden golden) {
    int[] ids = golden.ids(70);
    float[] expected = Text.fresh(model, ids);
    for (int i = 0; i < 50; i++) { // far more tokens than two sequences hold
      same(model, Text.fresh(model, ids), expected, "sequence " + i);
    }
    return "50 sequences, two at a time";
  }

  private static void everywhere(List<Check> checks, String name, Stage.Play play) {
    checks.addAll(Stage.everywhere(Group.CACHE, name, LIMITS, play));
  }

  private static void once(List<Check> checks, String name, Stage.Play play) {
    checks.add(Stage.once(Group.CACHE, name, LIMITS, play));
  }
}
