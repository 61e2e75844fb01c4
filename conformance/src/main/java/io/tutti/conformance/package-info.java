/**
 * The conformance kit: what every backend is held to, as a published jar.
 *
 * <p>An author of a backend extends {@link io.tutti.conformance.BackendConformance} in a build of
 * their own; a program runs the same checks through {@link io.tutti.conformance.ConformanceRun}. A
 * check {@linkplain io.tutti.conformance.Outcome passes, fails, is unsupported or is skipped}; only
 * the first is a pass. Truth comes from two places that share no code with any backend: golden
 * checkpoints with outputs recorded from another implementation, and formulas in binary64 ({@code
 * Oracle}) over weights whose bytes and values are made together ({@code MadeWeight}). {@link
 * io.tutti.conformance.Diff} finds the first node and position where two backends part. Who may
 * call: tests of backends, and the command line.
 */
@NullMarked
package io.tutti.conformance;

import org.jspecify.annotations.NullMarked;
