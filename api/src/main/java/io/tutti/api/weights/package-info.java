/**
 * Weights as views of mapped memory: element types, shapes and the store that owns the mapping.
 *
 * <p>A store has exactly one owner, who closes it after every model compiled from it. Segments are
 * borrowed: using one after the store is closed is an {@link java.lang.IllegalStateException},
 * never a crash.
 */
@NullMarked
package io.tutti.api.weights;

import org.jspecify.annotations.NullMarked;
