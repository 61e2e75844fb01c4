package io.tutti.backend.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A few platform threads that share out independent rows. No sum is ever split, so the number of
 * threads cannot change a result.
 */
final class Workers implements AutoCloseable {
  private final int threads;
  private final ExecutorService pool;

  Workers(int threads) {
    this.threads = threads;
    this.pool =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            Thread.ofPlatform().daemon().name("tutti-reference-", 1).factory());
  }

  /** Work on the indices {@code from} (included) to {@code to} (excluded). */
  @FunctionalInterface
  interface Range {
    void run(int from, int to);
  }

  int threads() {
    return threads;
  }

  /** Covers {@code 0..count-1}, each index once, and returns when all is done. */
  void forEach(int count, Range work) {
    int parts = Math.min(threads, count);
    if (parts <= 1) {
      work.run(0, count);
      return;
    }
    List<Future<?>> others = new ArrayList<>(parts - 1);
    for (int part = 1; part < parts; part++) {
      int from = border(count, part, parts);
      int to = border(count, part + 1, parts);
      others.add(pool.submit(() -> work.run(from, to)));
    }
    Throwable failure = null;
    try {
      work.run(0, border(count, 1, parts));
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    // Wait for all, also after a failure: nobody may still read the step's buffers afterwards.
    for (Future<?> other : others) {
      Throwable theirs = await(other);
      failure = failure == null ? theirs : failure;
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }

  private static int border(int count, int part, int parts) {
    return (int) ((long) count * part / parts);
  }

  private static @Nullable Throwable await(Future<?> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          future.get();
          return null;
        } catch (ExecutionException e) {
          return e.getCause();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
