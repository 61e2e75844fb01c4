package io.tutti.conformance;

/** What a check is about. */
public enum Group {
  /** Name, version, availability, options. */
  PROVIDER("the provider keeps its contract"),
  /** What {@code check} says is true. */
  CAPABILITY("what the backend declares is true"),
  /** Single operations over made weights, node by node, against formulas in binary64. */
  OPERATIONS("every operation computes its formula"),
  /** Golden checkpoints: logits, hidden states, greedy tokens. */
  GOLDENS("golden checkpoints come out as recorded"),
  /** Golden checkpoints, each node against its formula on the backend's own inputs. */
  NODES("every node of the golden checkpoints computes its formula"),
  /** Ragged batches, chunks, rows of logits, determinism. */
  STEP("a step keeps its contract"),
  /** Fork, truncate, limits of the cache. */
  CACHE("sequences are independent and forget"),
  /** Close, foreign objects, errors that change nothing. */
  LIFECYCLE("errors are refused and change nothing");

  private final String title;

  Group(String title) {
    this.title = title;
  }

  /** A sentence for people. */
  public String title() {
    return title;
  }
}
