/**
 * The contract between an engine and a backend.
 *
 * <p>{@link io.tutti.api.backend.BackendProvider} (found by {@link java.util.ServiceLoader}) opens
 * a {@link io.tutti.api.backend.Backend}, which is asked first ({@code check}) and then compiles a
 * graph into a {@link io.tutti.api.backend.CompiledModel}, whose {@code step} appends tokens to
 * {@link io.tutti.api.backend.Sequence}s. Owners close in the reverse order: sequences, model,
 * backend, weights.
 */
@NullMarked
package io.tutti.api.backend;

import org.jspecify.annotations.NullMarked;
