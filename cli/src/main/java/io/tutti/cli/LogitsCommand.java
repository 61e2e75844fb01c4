package io.tutti.cli;

import io.tutti.api.BackendException;
import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.ProgressListener;
import io.tutti.api.backend.Sequence;
import io.tutti.api.backend.StepResult;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.model.Checkpoint;
import io.tutti.model.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the logits of every position: tensor {@code logits}, F32, {@code [tokens, vocabSize]}. */
@Command(name = "logits", description = "Write the logits of token ids to a safetensors file.")
final class LogitsCommand implements Callable<Integer> {
  @Option(names = "--model", required = true, description = "A checkpoint folder or GGUF file.")
  private Path model;

  @Option(names = "--backend", required = true, description = "Name of the backend.")
  private String backend;

  @Option(names = "--ids", required = true, split = ",", description = "Token ids.")
  private int[] ids;

  @Option(names = "--out", required = true, description = "The file to write.")
  private Path out;

  @Override
  public Integer call() {
    try (Checkpoint checkpoint = Checkpoint.open(model);
        Backend device = Main.plugins().backend(backend).open(BackendOptions.defaults());
        CompiledModel compiled =
            device.compile(
                checkpoint.graph(),
                checkpoint.weights(),
                new Limits(ids.length, 1, ids.length),
                ProgressListener.NONE);
        Sequence sequence = compiled.newSequence()) {
      StepResult result = compiled.step(Batch.of(new Batch.Entry(sequence, ids, LogitsWanted.ALL)));
      new SafetensorsWriter()
          .add(
              "logits",
              DType.F32,
              Shape.of(result.rows(), result.vocabSize()),
              result.logits().asSlice(0, 4L * result.rows() * result.vocabSize()))
          .write(out);
    } catch (IOException e) {
      throw new BackendException("cannot write " + out + ": " + e.getMessage(), e);
    }
    return 0;
  }
}
