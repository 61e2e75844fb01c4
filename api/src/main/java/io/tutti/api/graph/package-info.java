/**
 * The backend-neutral graph: what a checkpoint computes, node by node.
 *
 * <p>Nodes stand at the level at which every backend has a fast implementation. All values between
 * nodes are, logically, f32 of shape {@code [tokens, width]}; weights keep the type of the
 * checkpoint. A graph is immutable, built once per checkpoint by a {@link
 * io.tutti.api.model.ModelFamily}, and holds no data.
 */
@NullMarked
package io.tutti.api.graph;

import org.jspecify.annotations.NullMarked;
