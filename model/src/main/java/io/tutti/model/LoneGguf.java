package io.tutti.model;

import io.tutti.api.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The GGUF file of a folder that holds nothing else to open. */
final class LoneGguf {
  private LoneGguf() {}

  static Optional<Path> in(Path folder) {
    if (Files.exists(folder.resolve("config.json"))) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(file -> file.toString().endsWith(".gguf")).sorted().limit(3).toList();
      if (found.size() > 1) {
        throw new CheckpointException(
            folder
                + ": several GGUF files, "
                + found.get(0).getFileName()
                + " and "
                + found.get(1).getFileName()
                + " among them (expected: one; name the file itself)");
      }
      return found.stream().findFirst();
    } catch (IOException e) {
      throw new CheckpointException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }
}
