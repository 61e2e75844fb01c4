/** Folders in the Hugging Face layout: one or many safetensors files and JSON beside them. */
@NullMarked
package io.tutti.model.huggingface;

import org.jspecify.annotations.NullMarked;
