package io.tutti.model.huggingface;

/** Which names of files are believed. */
public final class FileName {
  private static final int LONGEST = 255;

  private FileName() {}

  /**
   * Tells whether a name stays in its folder: no separator of any system, no drive, no dots alone,
   * no control character.
   */
  public static boolean plain(String name) {
    return !name.isBlank()
        && name.length() <= LONGEST
        && !name.equals(".")
        && !name.equals("..")
        && name.chars()
            .noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < 0x20 || c == 0x7f || c > 0x7e);
  }
}
