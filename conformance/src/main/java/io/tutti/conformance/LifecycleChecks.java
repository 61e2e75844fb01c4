package io.tutti.conformance;

import static io.tutti.conformance.Text.join;
import static io.tutti.conformance.Text.same;

import io.tutti.api.backend.Backend;
import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.ProgressListener;
import io.tutti.api.backend.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Close rules, foreign objects, wrong arguments: refused with the right type, nothing changed. */
final class LifecycleChecks {
  private static final Limits LIMITS = new Limits(128, 4, 128);

  private LifecycleChecks() {}

  static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    once(checks, "a token out of range changes nothing", LifecycleChecks::tokenRange);
    once(checks, "a sequence twice in a batch is refused", LifecycleChecks::duplicate);
    once(checks, "a tap that names no node is refused", LifecycleChecks::unknownTap);
    once(checks, "a batch beyond maxBatchTokens is refused", LifecycleChecks::batchTokens);
    once(checks, "a closed sequence refuses use", LifecycleChecks::closedSequence);
    once(checks, "a second concurrent step is refused", LifecycleChecks::concurrentStep);
    checks.add(
        new Check(
            Group.LIFECYCLE, "a sequence of another model is refused", LifecycleChecks::foreign));
    checks.add(
        new Check(Group.LIFECYCLE, "a closed model refuses use", LifecycleChecks::closedModel));
    checks.add(
        new Check(Group.LIFECYCLE, "a closed backend refuses use", LifecycleChecks::closedBackend));
    checks.add(
        new Check(
            Group.LIFECYCLE, "two models of one backend do not meet", LifecycleChecks::twoModels));
    return checks;
  }

  private static String tokenRange(CompiledModel model, Golden golden) {
    int[] prompt = golden.ids(18);
    int vocab = model.graph().vocabSize();
    try (Sequence a = model.newSequence();
        Sequence b = model.newSequence()) {
      Text.step(model, a, LogitsWanted.NONE, prompt);
      Text.step(model, b, LogitsWanted.NONE, prompt);
      for (int wrong : new int[] {-1, vocab, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        Expect.thrown(
            IllegalArgumentException.class,
            "token " + wrong,
            () ->
                model.step(
                    Batch.of(
                        new Batch.Entry(a, new int[] {1, 2}, LogitsWanted.LAST),
                        new Batch.Entry(b, new int[] {3, wrong}, LogitsWanted.LAST))));
        Expect.equal(a.length(), 18, "length of the first sequence after a refused step");
        Expect.equal(b.length(), 18, "length of the second sequence after a refused step");
      }
      float[] expected = Text.fresh(model, join(prompt, 5));
      same(model, Text.step(model, a, LogitsWanted.LAST, 5), expected, "first, going on");
      same(model, Text.step(model, b, LogitsWanted.LAST, 5), expected, "second, going on");
    }
    return "-1, vocabSize, both ends of int";
  }

  private static String duplicate(CompiledModel model, Golden golden) {
    try (Sequence a = model.newSequence()) {
      Expect.thrown(
          IllegalArgumentException.class,
          "a sequence twice in a batch",
          () ->
              model.step(
                  Batch.of(
                      new Batch.Entry(a, new int[] {1}, LogitsWanted.LAST),
                      new Batch.Entry(a, new int[] {2}, LogitsWanted.LAST))));
      Expect.equal(a.length(), 0, "length after a refused step");
    }
    return "";
  }

  private static String unknownTap(CompiledModel model, Golden golden) {
    try (Sequence a = model.newSequence()) {
      Expect.thrown(
          IllegalArgumentException.class,
          "tap of no node",
          () ->
              model.step(
                  Batch.of(new Batch.Entry(a, new int[] {1}, LogitsWanted.LAST))
                      .withTaps(Set.of("no.such.node"))));
      Expect.equal(a.length(), 0, "length after a refused step");
    }
    return "";
  }

  private static String batchTokens(CompiledModel model, Golden golden) {
    int[] half = golden.ids(65);
    try (Sequence a = model.newSequence();
        Sequence b = model.newSequence()) {
      Expect.thrown(
          IllegalArgumentException.class,
          "130 tokens of 128 a step",
          () ->
              model.step(
                  Batch.of(
                      new Batch.Entry(a, half, LogitsWanted.LAST),
                      new Batch.Entry(b, half, LogitsWanted.LAST))));
      Expect.equal(a.length() + b.length(), 0, "tokens after a refused step");
      Text.step(model, a, LogitsWanted.ALL, golden.ids(128)); // exactly the limit
      Expect.equal(a.length(), 128, "length after a step of exactly the limit");
    }
    return "";
  }

  private static String closedSequence(CompiledModel model, Golden golden) {
    Sequence a = model.newSequence();
    Text.step(model, a, LogitsWanted.NONE, golden.ids(5));
    a.close();
    Expect.quiet("second close of a sequence", a::close);
    refused("length of a closed sequence", a::length);
    refused("fork of a closed sequence", () -> a.fork().close());
    refused("truncate of a closed sequence", () -> a.truncate(0));
    try (Sequence b = model.newSequence()) {
      refused(
          "step with a closed sequence",
          () ->
              model.step(
                  Batch.of(
                      new Batch.Entry(b, new int[] {1}, LogitsWanted.LAST),
                      new Batch.Entry(a, new int[] {1}, LogitsWanted.LAST))));
      Expect.equal(b.length(), 0, "length of the other sequence after a refused step");
    }
    return "";
  }

  /**
   * Two threads step at once, again and again. Sooner or later they overlap; then one of them must
   * be told, and neither may be disturbed.
   */
  private static String concurrentStep(CompiledModel model, Golden golden) {
    int[] ids = golden.ids(100);
    float[] expected = Text.fresh(model, ids);
    int overlapped = 0;
    try (Sequence a = model.newSequence();
        Sequence b = model.newSequence()) {
      for (int round = 0; round < 200; round++) {
        CyclicBarrier start = new CyclicBarrier(2);
        FutureTask<Attempt> other = new FutureTask<>(() -> attempt(start, model, a, ids));
        Thread.ofPlatform().daemon().start(other);
        Attempt mine = attempt(start, model, b, ids);
        Attempt theirs = await(other);
        for (Attempt attempt : List.of(mine, theirs)) {
          if (attempt.refusal != null && !(attempt.refusal instanceof IllegalStateException)) {
            throw CheckStopped.failed(
                "a concurrent step threw "
                    + attempt.refusal
                    + " (expected: IllegalStateException)");
          }
        }
        Expect.that(
            mine.refusal == null || theirs.refusal == null,
            "both of two concurrent steps were refused (expected: one goes through)");
        Expect.equal(a.length(), theirs.refusal == null ? 100 : 0, "length of the one sequence");
        Expect.equal(b.length(), mine.refusal == null ? 100 : 0, "length of the other sequence");
        if (mine.refusal != null || theirs.refusal != null) {
          Sequence survivor = mine.refusal == null ? b : a;
          survivor.truncate(99);
          same(
              model,
              Text.step(model, survivor, LogitsWanted.LAST, ids[99]),
              expected,
              "the sequence whose step went through");
          return "refused in round " + (round + 1);
        }
        if (Math.max(mine.start, theirs.start) < Math.min(mine.end, theirs.end)) {
          overlapped++;
        }
        a.truncate(0);
        b.truncate(0);
      }
    }
    if (overlapped < 20) {
      throw CheckStopped.skipped("two threads never stepped at the same time on this machine");
    }
    throw CheckStopped.failed(
        overlapped
            + " times two threads stepped at the same time and neither was refused (expected: an"
            + " IllegalStateException)");
  }

  private record Attempt(long start, long end, @Nullable RuntimeException refusal) {}

  private static Attempt attempt(
      CyclicBarrier start, CompiledModel model, Sequence sequence, int[] ids) {
    try {
      start.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("the two threads did not meet", e);
    }
    long begin = System.nanoTime();
    RuntimeException refusal = null;
    try {
      model.step(Batch.of(new Batch.Entry(sequence, ids, LogitsWanted.LAST)));
    } catch (RuntimeException e) {
      refusal = e;
    }
    return new Attempt(begin, System.nanoTime(), refusal);
  }

  private static Attempt await(FutureTask<Attempt> task) {
    try {
      return task.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw CheckStopped.failed("a concurrent step did not end: " + e);
    }
  }

  private static String foreign(Workbench bench) {
    Golden golden = bench.golden(BuiltInGoldens.folder("dense-sliding"));
    try (CompiledModel one = bench.compile(golden.graph(), golden.weights(), LIMITS);
        CompiledModel two = bench.compile(golden.graph(), golden.weights(), LIMITS);
        Sequence own = one.newSequence();
        Sequence theirs = two.newSequence()) {
      for (Sequence wrong : List.of(theirs, new StrangeSequence())) {
        Expect.thrown(
            IllegalArgumentException.class,
            "a sequence of another model in a batch",
            () ->
                one.step(
                    Batch.of(
                        new Batch.Entry(own, new int[] {1}, LogitsWanted.LAST),
                        new Batch.Entry(wrong, new int[] {1}, LogitsWanted.LAST))));
        Expect.equal(own.length(), 0, "length after a refused step");
      }
      Expect.equal(theirs.length(), 0, "length of the other model's sequence");
    }
    return "";
  }

  private static String closedModel(Workbench bench) {
    Golden golden = bench.golden(BuiltInGoldens.folder("dense-sliding"));
    CompiledModel model = bench.compile(golden.graph(), golden.weights(), LIMITS);
    Sequence sequence = model.newSequence();
    Text.step(model, sequence, LogitsWanted.LAST, 1, 2, 3);
    Sequence left = model.newSequence();
    sequence.close();
    model.close();
    Expect.quiet("second close of a model", model::close);
    refused("newSequence of a closed model", () -> model.newSequence().close());
    refused(
        "step of a closed model",
        () -> model.step(Batch.of(new Batch.Entry(left, new int[] {1}, LogitsWanted.LAST))));
    refused("fork of a sequence of a closed model", () -> left.fork().close());
    Expect.quiet("close of a sequence after its model", left::close);
    return "";
  }

  private static String closedBackend(Workbench bench) {
    Golden golden = bench.golden(BuiltInGoldens.folder("dense-sliding"));
    bench.compile(golden.graph(), golden.weights(), LIMITS).close(); // unsupported ends here
    Backend backend = bench.provider().open(bench.options());
    backend.close();
    Expect.quiet("second close of a backend", backend::close);
    refused(
        "check of a closed backend", () -> backend.check(golden.graph(), golden.weights(), LIMITS));
    refused(
        "compile of a closed backend",
        () ->
            backend
                .compile(golden.graph(), golden.weights(), LIMITS, ProgressListener.NONE)
                .close());
    return "";
  }

  private static String twoModels(Workbench bench) {
    Golden golden = bench.golden(BuiltInGoldens.folder("dense-sliding"));
    Golden other = bench.golden(BuiltInGoldens.folder("dense-tied-gqa"));
    int[] ids = golden.ids(30);
    try (CompiledModel one = bench.compile(golden.graph(), golden.weights(), LIMITS)) {
      float[] alone = Text.fresh(one, ids);
      try (CompiledModel two = bench.compile(other.graph(), other.weights(), LIMITS);
          Sequence a = one.newSequence();
          Sequence b = two.newSequence()) {
        Text.step(one, a, LogitsWanted.NONE, Text.part(ids, 0, 29));
        Text.step(two, b, LogitsWanted.LAST, other.ids(40));
        same(one, Text.step(one, a, LogitsWanted.LAST, ids[29]), alone, "with a second model open");
      }
      same(one, Text.fresh(one, ids), alone, "after the second model was closed");
    }
    return "";
  }

  private static void refused(String what, Expect.Action action) {
    Expect.thrown(IllegalStateException.class, what, action);
  }

  private static void once(List<Check> checks, String name, Stage.Play play) {
    checks.add(Stage.once(Group.LIFECYCLE, name, LIMITS, play));
  }

  /** A sequence that no backend made. */
  private static final class StrangeSequence implements Sequence {
    @Override
    public int length() {
      return 0;
    }

    @Override
    public Sequence fork() {
      return new StrangeSequence();
    }

    @Override
    public void truncate(int length) {}

    @Override
    public void close() {}
  }
}
