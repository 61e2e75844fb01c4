package io.tutti.model;

import io.tutti.api.CheckpointException;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.graph.RopePlan;
import io.tutti.api.model.ConfigTree;
import io.tutti.model.Finding.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Says what disagrees inside a checkpoint, all of it in one report. Changes nothing. */
public final class Doctor {
  private final Checkpoint checkpoint;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Examines an open checkpoint. Reads the directory and the small vectors, not the matrices. */
  public static Diagnosis examine(Checkpoint checkpoint) {
    return new Doctor(checkpoint).examine();
  }

  /** Opens a checkpoint and examines it; one that cannot be opened is a finding too. */
  public static Diagnosis examine(Path path) {
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      return examine(checkpoint);
    } catch (CheckpointException e) {
      return new Diagnosis(
          List.of(
              new Finding(
                  Severity.ERROR,
                  "unreadable",
                  String.valueOf(e.getMessage()),
                  "fetch the checkpoint again, or convert it anew")));
    }
  }

  private Diagnosis examine() {
    try {
      Graph graph = checkpoint.graph();
      new TensorChecks(checkpoint, graph, findings).run();
      rope(graph);
      new TokenChecks(checkpoint, graph, findings).run();
    } catch (CheckpointException e) {
      findings.add(
          new Finding(
              Severity.ERROR,
              "configuration",
              String.valueOf(e.getMessage()),
              "correct the field, or use a checkpoint whose features are supported"));
    }
    return new Diagnosis(findings);
  }

  private void rope(Graph graph) {
    ConfigTree config = checkpoint.config();
    int configured = config.requireInt("max_position_embeddings", 1, Integer.MAX_VALUE);
    graph.nodes().stream()
        .filter(Node.RotaryEmbedding.class::isInstance)
        .map(node -> ((Node.RotaryEmbedding) node).plan())
        .filter(RopePlan.Yarn.class::isInstance)
        .map(RopePlan.Yarn.class::cast)
        .findFirst()
        .ifPresent(yarn -> yarn(config, configured, yarn, graph.maxPositions()));
    if (checkpoint.format() == Checkpoint.Format.GGUF && config.has("sliding_window")) {
      findings.add(
          new Finding(
              Severity.INFO,
              "window-not-applied",
              "the file names a sliding window of "
                  + config.value("sliding_window").orElse("")
                  + "; as in llama.cpp no layer of this architecture slides",
              "nothing; use the safetensors checkpoint if its windows matter"));
    }
  }

  private void yarn(ConfigTree config, int configured, RopePlan.Yarn yarn, int used) {
    boolean named =
        config
            .tree("rope_scaling")
            .or(() -> config.tree("rope_parameters"))
            .filter(rope -> rope.has("original_max_position_embeddings"))
            .isPresent();
    if (!named) {
      findings.add(
          new Finding(
              Severity.WARNING,
              "yarn-original-missing",
              "YaRN without original_max_position_embeddings: max_position_embeddings, "
                  + configured
                  + ", is taken for it",
              "add original_max_position_embeddings: readers disagree on this default"));
    } else if (configured != yarn.originalMaxPositions() * yarn.factor()) {
      findings.add(
          new Finding(
              Severity.WARNING,
              "yarn-max-positions",
              "max_position_embeddings is "
                  + configured
                  + " and YaRN stretches "
                  + yarn.originalMaxPositions()
                  + " by "
                  + yarn.factor()
                  + "; "
                  + used
                  + " positions are allowed",
              "set max_position_embeddings to the stretched length: older readers compute other"
                  + " angles from it"));
    }
  }
}
