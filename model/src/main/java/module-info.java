/** Checkpoints to graphs: safetensors, GGUF, configurations, the Qwen2 families, the doctor. */
module io.tutti.model {
  requires transitive io.tutti.api;
  requires com.fasterxml.jackson.core;

  exports io.tutti.model;
  exports io.tutti.model.gguf;
  exports io.tutti.model.ingest;
  exports io.tutti.model.quant;
  exports io.tutti.model.qwen2;
  exports io.tutti.model.safetensors;

  provides io.tutti.api.model.ModelFamily with
      io.tutti.model.qwen2.Qwen2Family,
      io.tutti.model.qwen2.Qwen2MoeFamily;
}
