package io.tutti.backend.reference;

import io.tutti.api.backend.Sequence;
import java.util.ArrayList;
import java.util.List;

/** One text's cache: for each attention node its pages, and how many tokens all of them hold. */
final class ReferenceSequence implements Sequence {
  private final ReferenceModel model;
  private final List<KvPages> slots;
  private int length;
  private boolean closed;

  ReferenceSequence(ReferenceModel model, List<KvPages> slots, int length) {
    this.model = model;
    this.slots = slots;
    this.length = length;
  }

  ReferenceModel model() {
    return model;
  }

  KvPages slot(int kvSlot) {
    return slots.get(kvSlot);
  }

  /** Makes appended tokens count: the only place where a sequence grows. */
  void commit(int tokens) {
    length += tokens;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("sequence is closed (expected: open)");
    }
  }

  @Override
  public int length() {
    requireUsable();
    return length;
  }

  @Override
  public Sequence fork() {
    requireUsable();
    return model.register(
        () -> {
          List<KvPages> copies = new ArrayList<>(slots.size());
          for (KvPages slot : slots) {
            copies.add(slot.fork(length));
          }
          return new ReferenceSequence(model, copies, length);
        });
  }

  @Override
  public void truncate(int length) {
    requireUsable();
    if (length < 0 || length > this.length) {
      throw new IllegalArgumentException(
          "truncate to " + length + " tokens (expected: 0.." + this.length + ")");
    }
    this.length = length;
    for (KvPages slot : slots) {
      slot.truncate(length);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      slots.clear();
      model.unregister();
    }
  }

  private void requireUsable() {
    requireOpen();
    model.requireOpen();
  }
}
