package com.example.plain;

import io.tutti.api.backend.Sequence;
import java.util.Arrays;

/**
 * Cached keys and values of one text: for each attention node (slot) one growing array of each. A
 * fork copies; a backend with pages would share those that are full.
 */
final class PlainSequence implements Sequence {
  private final PlainModel model;
  private final float[][] keys;
  private final float[][] values;
  private int length;
  private boolean closed;

  PlainSequence(PlainModel model, int slots) {
    this(model, new float[slots][0], new float[slots][0], 0);
  }

  private PlainSequence(PlainModel model, float[][] keys, float[][] values, int length) {
    this.model = model;
    this.keys = keys;
    this.values = values;
    this.length = length;
  }

  PlainModel model() {
    return model;
  }

  float[] keys(int slot) {
    return keys[slot];
  }

  float[] values(int slot) {
    return values[slot];
  }

  /** Stores the key and value of a position; they count only once {@link #grow} was called. */
  void put(int slot, int position, float[] k, float[] v, int from, int width) {
    int needed = (position + 1) * width;
    if (keys[slot].length < needed) {
      int capacity = Math.max(needed, 2 * keys[slot].length);
      keys[slot] = Arrays.copyOf(keys[slot], capacity);
      values[slot] = Arrays.copyOf(values[slot], capacity);
    }
    System.arraycopy(k, from, keys[slot], position * width, width);
    System.arraycopy(v, from, values[slot], position * width, width);
  }

  void grow(int tokens) {
    length += tokens;
  }

  @Override
  public int length() {
    requireOpen();
    return length;
  }

  @Override
  public Sequence fork() {
    requireOpen();
    float[][] k = Arrays.stream(keys).map(float[]::clone).toArray(float[][]::new);
    float[][] v = Arrays.stream(values).map(float[]::clone).toArray(float[][]::new);
    return model.opened(new PlainSequence(model, k, v, length));
  }

  @Override
  public void truncate(int length) {
    requireOpen();
    if (length < 0 || length > this.length) {
      throw new IllegalArgumentException(
          "truncate to " + length + " tokens (expected: 0.." + this.length + ")");
    }
    this.length = length; // what lies beyond is overwritten before it can be seen
  }

  void requireOpen() {
    model.requireOpen();
    if (closed) {
      throw new IllegalStateException("sequence is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) { // twice is allowed, and counts once
      closed = true;
      model.released();
    }
  }
}
