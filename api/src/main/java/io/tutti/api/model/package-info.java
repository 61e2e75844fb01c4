/** The contract of a model family: from a configuration in Hugging Face field names to a graph. */
@NullMarked
package io.tutti.api.model;

import org.jspecify.annotations.NullMarked;
