/**
 * The block layouts in plain scalar Java: makes test checkpoints and benchmark variants. Not for
 * inference.
 */
@NullMarked
package io.tutti.model.quant;

import org.jspecify.annotations.NullMarked;
