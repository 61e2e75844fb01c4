package io.tutti.conformance;

import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where checks of the contract play: a built-in golden checkpoint, compiled afresh for each check.
 * One has a sliding window and attention in every layer, the other mixes experts with dense layers.
 */
final class Stage {
  private static final List<String> NAMES = List.of("dense-sliding", "moe-mixed-layers");

  private Stage() {}

  /** A check that is made on a compiled model. */
  @FunctionalInterface
  interface Play {
    String run(CompiledModel model, Golden golden);
  }

  /** The check on every stage. */
  static List<Check> everywhere(Group group, String name, Limits limits, Play play) {
    List<Check> checks = new ArrayList<>();
    for (String stage : NAMES) {
      checks.add(on(stage, group, name + " (" + stage + ")", limits, play));
    }
    return checks;
  }

  /** The check on the first stage. */
  static Check once(Group group, String name, Limits limits, Play play) {
    return on(NAMES.getFirst(), group, name, limits, play);
  }

  private static Check on(String stage, Group group, String name, Limits limits, Play play) {
    return new Check(
        group,
        name,
        bench -> {
          Path folder = BuiltInGoldens.folder(stage);
          Golden golden = bench.golden(folder);
          try (CompiledModel model = bench.compile(golden.graph(), golden.weights(), limits)) {
            return play.run(model, golden);
          }
        });
  }
}
