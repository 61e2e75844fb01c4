/**
 * Safetensors files: reading with the format's own rules enforced (no gap, no overlap), writing.
 */
@NullMarked
package io.tutti.model.safetensors;

import org.jspecify.annotations.NullMarked;
