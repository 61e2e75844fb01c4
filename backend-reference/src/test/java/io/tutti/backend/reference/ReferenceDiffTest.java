package io.tutti.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.graph.RopePlan;
import io.tutti.api.graph.WeightRef;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import io.tutti.conformance.Diff;
import io.tutti.conformance.DiffReport;
import io.tutti.conformance.Divergence;
import io.tutti.conformance.mutant.Mutants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The diff names exactly the node and the position at which a planted fault first shows. */
class ReferenceDiffTest {
  private static final int HIDDEN = 32;
  private static final int WINDOW = 6;
  private static final int[] IDS = IntStream.range(0, 20).map(i -> (i * 7 + 3) % 29).toArray();

  private final Arena arena = Arena.ofShared();
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final Random random = new Random(5);
  private Graph graph;
  private Backend healthy;

  @BeforeEach
  void build() {
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node.Embedding("embed", weight("embed", 29, HIDDEN)));
    String x = "embed";
    for (int layer = 0; layer < 2; layer++) {
      String at = "layers." + layer + ".";
      nodes.add(new Node.RmsNorm(at + "norm", x, weight(at + "norm", HIDDEN), 1e-6));
      for (String projection : List.of("q_proj", "k_proj", "v_proj")) {
        int width = projection.equals("q_proj") ? HIDDEN : HIDDEN / 2;
        nodes.add(
            new Node.Linear(
                at + projection,
                at + "norm",
                weight(at + projection, width, HIDDEN),
                Optional.of(weight(at + projection + ".bias", width))));
      }
      RopePlan plan = new RopePlan.Plain(1e4);
      nodes.add(new Node.RotaryEmbedding(at + "q_rope", at + "q_proj", 4, 8, plan));
      nodes.add(new Node.RotaryEmbedding(at + "k_rope", at + "k_proj", 2, 8, plan));
      nodes.add(
          new Node.Attention(
              at + "attention",
              at + "q_rope",
              at + "k_rope",
              at + "v_proj",
              4,
              2,
              8,
              1 / Math.sqrt(8),
              layer == 0 ? 0 : WINDOW,
              layer));
      nodes.add(new Node.Add(at + "residual", x, at + "attention", HIDDEN));
      x = at + "residual";
    }
    nodes.add(new Node.LmHead("lm_head", x, weight("lm_head", 29, HIDDEN)));
    graph = new Graph("test", 64, nodes);
    healthy = new ReferenceBackendProvider().open(BackendOptions.withThreads(1));
  }

  @AfterEach
  void close() {
    healthy.close();
    arena.close();
  }

  @ParameterizedTest
  @CsvSource({
    "v-bias-dropped,            layers.0.v_proj,    0",
    "rope-halves-swapped,       layers.0.q_rope,    1", // position 0 turns nothing
    "rope-position-off-by-one,  layers.0.k_rope,    0",
    "gqa-heads-interleaved,     layers.0.attention, 0",
    "window-one-too-wide,       layers.1.attention, 6", // the first token with one too many
    "window-one-too-narrow,     layers.1.attention, 5",
    "window-ignored,            layers.1.attention, 6",
    "embedding-off-by-one,      embed,              0",
    "head-rows-shifted,         lm_head,            0",
    "nan-logit,                 lm_head,           19",
  })
  void findsThePlantedFault(String mutant, String node, int position) {
    for (long budget : new long[] {1, 5_000, 1 << 20}) { // one node a pass, a few, all
      DiffReport report = diff(mutant, budget);
      Divergence found = report.divergence().orElseThrow();
      assertThat(found.node()).isEqualTo(node);
      assertThat(found.position()).isEqualTo(position);
      assertThat(found.token()).isEqualTo(IDS[position]);
      assertThat(report.text()).contains(node).contains("position " + position);
      assertThat(report.json()).contains("\"node\" : \"" + node + "\"");
    }
  }

  @Test
  void agreesWithItself() {
    try (Backend other = new ReferenceBackendProvider().open(BackendOptions.withThreads(2))) {
      DiffReport report = Diff.over(graph, store(), IDS).withChunk(3).between(healthy, other);
      assertThat(report.agree()).isTrue();
      assertThat(report.errors()).hasSize(graph.nodes().size());
      assertThat(report.errors()).allSatisfy(error -> assertThat(error.nmse()).isZero());
      assertThat(report.text()).contains("no divergence in " + graph.nodes().size() + " nodes");
    }
  }

  private DiffReport diff(String mutant, long budget) {
    try (Backend sick =
        Mutants.named(mutant)
            .plantIn(new ReferenceBackendProvider())
            .open(BackendOptions.withThreads(1))) {
      return Diff.over(graph, store(), IDS).withBudget(budget).between(sick, healthy);
    }
  }

  private WeightRef weight(String name, long... dims) {
    Shape shape = Shape.of(dims);
    MemorySegment data = arena.allocate(4 * shape.elements(), 4);
    for (long i = 0; i < shape.elements(); i++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (random.nextGaussian() / 3));
    }
    weights.put(name, new Weight(name, DType.F32, shape, data));
    return new WeightRef(name, shape);
  }

  private WeightStore store() {
    return new WeightStore() {
      @Override
      public String source() {
        return "test";
      }

      @Override
      public Set<String> names() {
        return weights.keySet();
      }

      @Override
      public Optional<Weight> find(String name) {
        return Optional.ofNullable(weights.get(name));
      }

      @Override
      public void close() {}
    };
  }
}
