package io.tutti.model.quant;

/** Placeholder. */
final class Quantizer {}
