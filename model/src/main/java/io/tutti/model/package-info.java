/**
 * Checkpoints: a folder in the Hugging Face layout or a GGUF file becomes a configuration, mapped
 * weights and a graph, all in one naming scheme.
 *
 * <p>Every file is untrusted input: whatever is wrong with it becomes a {@link
 * io.tutti.api.CheckpointException} that names the place. Weights are mapped read-only and never
 * copied.
 */
@NullMarked
package io.tutti.model;

import org.jspecify.annotations.NullMarked;
