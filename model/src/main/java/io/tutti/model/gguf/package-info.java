/**
 * GGUF files, versions 2 and 3, little-endian: reading with every length and offset checked, and
 * writing.
 *
 * <p>Layout after the ggml project's {@code docs/gguf.md}.
 */
@NullMarked
package io.tutti.model.gguf;

import org.jspecify.annotations.NullMarked;
