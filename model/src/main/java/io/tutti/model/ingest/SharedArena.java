package io.tutti.model.ingest;

import java.lang.foreign.Arena;
import java.util.function.Function;

/** Gives a new shared arena to what will own it, and closes it if that cannot be made. */
public final class SharedArena {
  private SharedArena() {}

  /**
   * Opens something that owns an arena.
   *
   * @param open makes the owner, whose {@code close} must close the arena
   * @return the owner
   */
  @SuppressWarnings("MustBeClosedChecker") // the owner closes it; on failure it is closed here
  public static <T extends AutoCloseable> T openInto(Function<Arena, T> open) {
    Arena arena = Arena.ofShared();
    boolean owned = false;
    try {
      T owner = open.apply(arena);
      owned = true;
      return owner;
    } finally {
      if (!owned) {
        arena.close();
      }
    }
  }
}
