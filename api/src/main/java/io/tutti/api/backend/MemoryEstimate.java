package io.tutti.api.backend;

/**
 * Memory that a compiled model will need, in bytes.
 *
 * @param mappedWeightBytes weights read in place from the mapped file
 * @param repackedWeightBytes weights copied into another layout or onto a device
 * @param kvBytesPerToken cache per token and sequence, over all layers
 * @param scratchBytes buffers that a step needs, at these limits
 */
public record MemoryEstimate(
    long mappedWeightBytes, long repackedWeightBytes, long kvBytesPerToken, long scratchBytes) {
  /** All of it for a number of cached tokens. */
  public long totalBytes(long cachedTokens) {
    return mappedWeightBytes
        + repackedWeightBytes
        + scratchBytes
        + Math.multiplyExact(kvBytesPerToken, cachedTokens);
  }
}
