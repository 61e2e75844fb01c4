package io.tutti.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The golden folders that ship in this jar, unpacked once per process into a temporary folder,
 * because checkpoints are mapped and a jar's entries cannot be. Thread-safe.
 */
final class BuiltInGoldens {
  /** Names of the folders. */
  static final List<String> NAMES =
      List.of(
          "dense-tied-gqa",
          "dense-untied-mha",
          "dense-yarn",
          "dense-sliding",
          "moe-shared-expert",
          "moe-mixed-layers");

  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "golden.safetensors");

  private static @Nullable Path root;

  private BuiltInGoldens() {}

  /** The unpacked folders. */
  static List<Path> folders() {
    Path unpacked = unpacked();
    return NAMES.stream().map(unpacked::resolve).toList();
  }

  /** One of them. */
  static Path folder(String name) {
    return unpacked().resolve(name);
  }

  private static synchronized Path unpacked() {
    if (root == null) {
      try {
        Path folder = Files.createTempDirectory("tutti-goldens-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        for (String name : NAMES) {
          Files.createDirectory(folder.resolve(name));
          for (String file : FILES) {
            unpack(name + "/" + file, folder);
          }
        }
        root = folder;
      } catch (IOException e) {
        throw new UncheckedIOException(
            "the golden checkpoints could not be unpacked into "
                + System.getProperty("java.io.tmpdir")
                + " (expected: a writable folder with 4 MB free)",
            e);
      }
    }
    return root;
  }

  private static void unpack(String name, Path folder) throws IOException {
    try (InputStream in = BuiltInGoldens.class.getResourceAsStream("goldens/" + name)) {
      if (in == null) {
        throw new IllegalStateException(
            "resource goldens/" + name + " is missing in the kit's jar");
      }
      Files.copy(in, folder.resolve(name));
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // A temporary folder that stays is no reason to trouble a process that is ending.
    }
  }
}
