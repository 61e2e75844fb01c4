package io.tutti.model.ingest;

import io.tutti.api.CheckpointException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file as read-only memory in the caller's arena.
 *
 * <p>The size is read once. A file that another process shortens while it is mapped makes later
 * reads fail with an {@link InternalError} of the virtual machine, and one that is rewritten in
 * place changes under the reader: replace checkpoints by renaming, never by overwriting.
 */
public final class MappedFile {
  private MappedFile() {}

  /**
   * Maps a whole file.
   *
   * @param path a regular file
   * @param arena owner of the mapping; must be shared if several threads will read
   * @throws CheckpointException if the file cannot be read
   */
  public static MemorySegment map(Path path, Arena arena) {
    if (!Files.isRegularFile(path)) {
      throw new CheckpointException(
          "file: " + path + " (expected: a regular file; check the path or fetch it again)");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      return size == 0
          ? MemorySegment.NULL.asReadOnly()
          : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asReadOnly();
    } catch (IOException e) {
      throw new CheckpointException("file " + path + " cannot be mapped: " + e.getMessage(), e);
    }
  }
}
