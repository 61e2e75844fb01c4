package io.tutti.api.backend;

/**
 * Which kernel a backend chose for an operation, once, when it was opened.
 *
 * @param operation such as {@code "Linear Q4_K, 1 token"}
 * @param kernel name of the kernel, such as {@code "vector512.q4k.gemv"}
 * @param reason why this one
 */
public record KernelChoice(String operation, String kernel, String reason) {}
