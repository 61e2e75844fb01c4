package io.tutti.conformance.mutant;

import io.tutti.api.backend.Limits;
import io.tutti.api.backend.Sequence;
import io.tutti.conformance.Group;
import java.util.List;

/** Backends whose caches remember, share or allow too much. */
final class SequenceMutants {
  private SequenceMutants() {}

  static List<Mutant> all() {
    return List.of(
        new Mutant(
            "fork-aliases",
            "a fork is its origin",
            Group.CACHE,
            new Fault() {
              @Override
              public Sequence fork(Sequence healthy) {
                return healthy;
              }
            }),
        new Mutant(
            "fork-forgets-last-token",
            "a fork has one token less",
            Group.CACHE,
            new Fault() {
              @Override
              public Sequence fork(Sequence healthy) {
                Sequence fork = healthy.fork();
                fork.truncate(Math.max(0, fork.length() - 1));
                return fork;
              }
            }),
        new Mutant(
            "truncate-remembers",
            "truncated tokens stay visible to attention",
            Group.CACHE,
            new Fault() {
              @Override
              public boolean remembersTruncated() {
                return true;
              }
            }),
        new Mutant(
            "truncate-off-by-one",
            "truncate drops one token too many",
            Group.CACHE,
            new Fault() {
              @Override
              public void truncate(Sequence healthy, int length) {
                healthy.truncate(Math.max(0, length - 1));
              }
            }),
        new Mutant(
            "mask-off-by-one",
            "a token sees one position too many: a stale one before the text",
            Group.GOLDENS,
            new Fault() {
              @Override
              public int hiddenTokens() {
                return 1;
              }

              @Override
              public Limits limits(Limits limits) {
                return new Limits(
                    limits.maxTokensPerSequence() + 1,
                    limits.maxSequences(),
                    limits.maxBatchTokens());
              }
            }),
        limits(
            "too-many-sequences", new Limits(1, 2, 1), "maxSequences is not enforced", Group.CACHE),
        limits(
            "too-many-tokens",
            new Limits(2, 1, 1),
            "maxTokensPerSequence is not enforced",
            Group.CACHE),
        limits(
            "too-large-batches",
            new Limits(1, 1, 2),
            "maxBatchTokens is not enforced",
            Group.LIFECYCLE),
        new Mutant(
            "closed-sequence-lives",
            "a closed sequence can be used, and does not make room",
            Group.LIFECYCLE,
            new Fault() {
              @Override
              public boolean closesSequences() {
                return false;
              }

              @Override
              public Limits limits(Limits limits) {
                return new Limits(
                    limits.maxTokensPerSequence(),
                    limits.maxSequences() + 1000,
                    limits.maxBatchTokens());
              }
            }),
        new Mutant(
            "closed-model-lives",
            "a closed model can be used",
            Group.LIFECYCLE,
            new Fault() {
              @Override
              public boolean closesModels() {
                return false;
              }
            }));
  }

  private static Mutant limits(String name, Limits factors, String fault, Group caughtBy) {
    return new Mutant(
        name,
        fault,
        caughtBy,
        new Fault() {
          @Override
          public Limits limits(Limits limits) {
            return new Limits(
                limits.maxTokensPerSequence() * factors.maxTokensPerSequence(),
                limits.maxSequences() * factors.maxSequences(),
                limits.maxBatchTokens() * factors.maxBatchTokens());
          }
        });
  }
}
