/**
 * The oracle: every node of the graph as the formula says it, in plain scalar Java.
 *
 * <p>Read {@link io.tutti.backend.reference.ReferenceModel} for a forward pass from top to bottom,
 * one {@code ...Operation} per node for the formula, and {@link
 * io.tutti.backend.reference.WeightRows} for what the bytes of a weight mean. Values between nodes,
 * cached keys and values, and all sums are binary64; a sum runs from first to last, so that neither
 * the number of threads nor the neighbours in a batch change a bit. It is meant to be believed, not
 * to be fast, and shares no code with any other backend. Who may call: nobody directly; the
 * provider is found by {@link java.util.ServiceLoader} under the name {@code reference}.
 */
@NullMarked
package io.tutti.backend.reference;

import org.jspecify.annotations.NullMarked;
