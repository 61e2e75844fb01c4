/** The Qwen2 families, dense and mixture-of-experts: from a configuration to a graph. */
@NullMarked
package io.tutti.model.qwen2;

import org.jspecify.annotations.NullMarked;
