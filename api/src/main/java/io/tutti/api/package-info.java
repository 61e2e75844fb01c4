/**
 * The root of the contract: the exception family and the version of the service-provider interface.
 *
 * <p>The contract is small on purpose. A {@linkplain io.tutti.api.graph graph} says what a
 * checkpoint computes, a {@linkplain io.tutti.api.weights weight store} hands out views of the
 * mapped file, a {@linkplain io.tutti.api.backend backend} runs the one over the other, and a
 * {@linkplain io.tutti.api.model model family} turns a configuration into a graph. Who may call:
 * everyone. This module depends on the JDK, JSpecify and SLF4J only.
 */
@NullMarked
package io.tutti.api;

import org.jspecify.annotations.NullMarked;
