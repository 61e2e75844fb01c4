/**
 * Faults to plant in a healthy backend, to prove that the kit sees them.
 *
 * <p>A {@link io.tutti.conformance.mutant.Mutant} wraps a provider and rewrites the graph, the
 * weights, the results of a step or the life of its sequences. A kit that passes a mutant has a
 * hole. Who may call: tests of backends, which run {@link io.tutti.conformance.mutant.Mutants}
 * against their own backend.
 */
@NullMarked
package io.tutti.conformance.mutant;

import org.jspecify.annotations.NullMarked;
