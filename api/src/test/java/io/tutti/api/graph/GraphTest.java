package io.tutti.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tutti.api.weights.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphTest {
  private static final WeightRef TABLE = new WeightRef("embed", Shape.of(10, 8));

  private final Node embedding = new Node.Embedding("embed", TABLE);
  private final Node norm =
      new Node.RmsNorm("norm", "embed", new WeightRef("norm.weight", Shape.of(8)), 1e-6);
  private final Node head = new Node.LmHead("head", "norm", TABLE);

  @Test
  void aTiedHeadCountsOnce() {
    Graph graph = new Graph("toy", 16, List.of(embedding, norm, head));
    assertThat(graph.parameters()).isEqualTo(80 + 8);
    assertThat(graph.parametersWithoutEmbeddings()).isEqualTo(8);
    assertThat(graph.vocabSize()).isEqualTo(10);
    assertThat(graph.hiddenSize()).isEqualTo(8);
  }

  @Test
  void anUntiedHeadIsNoPartOfTheBody() {
    Node own = new Node.LmHead("head", "norm", new WeightRef("head.weight", Shape.of(10, 8)));
    Graph graph = new Graph("toy", 16, List.of(embedding, norm, own));
    assertThat(graph.parameters()).isEqualTo(168);
    assertThat(graph.parametersWithoutEmbeddings()).isEqualTo(8);
  }

  @Test
  void nodesReadEarlierNodesOnly() {
    assertThatThrownBy(() -> new Graph("toy", 16, List.of(embedding, head, norm)))
        .isInstanceOf(IllegalArgumentException.class);
    Node lost = new Node.RmsNorm("lost", "nowhere", new WeightRef("w", Shape.of(8)), 1e-6);
    assertThatThrownBy(() -> new Graph("toy", 16, List.of(embedding, lost, norm, head)))
        .hasMessageContaining("nowhere")
        .hasMessageContaining("lost");
  }

  @Test
  void widthsMustFit() {
    Node wide =
        new Node.Linear("wide", "norm", new WeightRef("w", Shape.of(4, 9)), Optional.empty());
    assertThatThrownBy(() -> new Graph("toy", 16, List.of(embedding, norm, wide, head)))
        .hasMessageContaining("8")
        .hasMessageContaining("9")
        .hasMessageContaining("wide");
  }

  @Test
  void aCacheSlotHasOneOwner() {
    List<Node> nodes = new ArrayList<>(List.of(embedding, norm));
    for (String name : List.of("a", "b")) {
      nodes.add(new Node.Attention(name, "norm", "norm", "norm", 2, 2, 4, 0.5, 0, 0));
    }
    nodes.add(head);
    assertThatThrownBy(() -> new Graph("toy", 16, nodes))
        .hasMessageContaining("kvSlot: 0")
        .hasMessageContaining("b");
  }

  @Test
  void queryHeadsAreAMultipleOfKvHeads() {
    assertThatThrownBy(() -> new Node.Attention("a", "q", "k", "v", 14, 4, 64, 0.125, 0, 0))
        .hasMessageContaining("kvHeads: 4")
        .hasMessageContaining("14");
  }
}
