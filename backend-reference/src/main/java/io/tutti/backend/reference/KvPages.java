package io.tutti.backend.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * Cached keys and values of one layer of one sequence, in pages of {@value #PAGE} positions.
 *
 * <p>Sharing: a page that is full is never written again, so forks share it; a last page that is
 * not full belongs to one sequence alone. {@link #fork} and {@link #truncate} copy such a page.
 */
final class KvPages {
  static final int PAGE = 64;

  private final int width;
  private final List<Page> pages = new ArrayList<>();

  /** One page: {@code [PAGE, width]} keys, {@code [PAGE, width]} values. */
  private record Page(double[] keys, double[] values) {
    Page copy() {
      return new Page(keys.clone(), values.clone());
    }
  }

  /**
   * An empty cache.
   *
   * @param width {@code kvHeads * headDim}
   */
  KvPages(int width) {
    this.width = width;
  }

  /** Stores the key and value of a position at or after the length that the sequence has. */
  void put(int position, double[] keys, double[] values, int from) {
    int index = position / PAGE;
    if (index == pages.size()) {
      pages.add(new Page(new double[PAGE * width], new double[PAGE * width]));
    }
    Page page = pages.get(index);
    System.arraycopy(keys, from, page.keys, position % PAGE * width, width);
    System.arraycopy(values, from, page.values, position % PAGE * width, width);
  }

  /** The page of keys that holds a position; it begins at {@link #offset}. */
  double[] keys(int position) {
    return pages.get(position / PAGE).keys;
  }

  /** The page of values that holds a position; it begins at {@link #offset}. */
  double[] values(int position) {
    return pages.get(position / PAGE).values;
  }

  /** Where a position begins in its page. */
  int offset(int position) {
    return position % PAGE * width;
  }

  /** An independent cache with the first positions. */
  KvPages fork(int length) {
    KvPages fork = new KvPages(width);
    fork.pages.addAll(pages.subList(0, Math.ceilDiv(length, PAGE)));
    fork.ownLastPage(length);
    return fork;
  }

  /** Forgets all positions from {@code length} on. */
  void truncate(int length) {
    int keep = Math.ceilDiv(length, PAGE);
    if (keep < pages.size()) {
      pages.subList(keep, pages.size()).clear();
    }
    ownLastPage(length);
  }

  private void ownLastPage(int length) {
    if (length % PAGE != 0) {
      pages.set(length / PAGE, pages.get(length / PAGE).copy());
    }
  }
}
