package io.tutti.model.ingest;

/**
 * How much of an untrusted file is believed. Every bound is far above what published checkpoints
 * need and far below what hurts.
 *
 * @param headerBytes longest safetensors header; the format's own limit is 100 MB
 * @param jsonBytes longest JSON file beside the weights
 * @param jsonDepth deepest nesting of JSON
 * @param tensors most tensors in a checkpoint
 * @param metadataEntries most GGUF metadata entries
 * @param stringBytes longest GGUF string
 * @param arrayDepth deepest nesting of GGUF arrays
 * @param shards most files of one checkpoint
 */
public record IngestLimits(
    long headerBytes,
    long jsonBytes,
    int jsonDepth,
    int tensors,
    int metadataEntries,
    int stringBytes,
    int arrayDepth,
    int shards) {
  /** The limits that apply unless others are given. */
  public static final IngestLimits DEFAULT =
      new IngestLimits(100_000_000, 32 << 20, 32, 200_000, 65_536, 16 << 20, 4, 4_096);

  /** Validates that every limit lets something through. */
  public IngestLimits {
    if (headerBytes < 2
        || jsonBytes < 2
        || jsonDepth < 1
        || tensors < 1
        || metadataEntries < 1
        || stringBytes < 1
        || arrayDepth < 1
        || shards < 1) {
      throw new IllegalArgumentException("limits: a limit below 1 (expected: all >= 1)");
    }
  }
}
