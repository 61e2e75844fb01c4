package io.tutti.model;

import java.util.List;
import java.util.OptionalInt;

/**
 * The tokenizer that a GGUF file carries in its metadata.
 *
 * @param tokens text of each token, by id; {@code tokenizer.ggml.tokens}
 * @param merges pairs in order of rank, separated by a space; {@code tokenizer.ggml.merges}
 * @param types type of each token, by id: 1 normal, 3 control, 4 user-defined, 5 unused; {@code
 *     tokenizer.ggml.token_type}
 * @param pre name of the pre-tokenizer; {@code tokenizer.ggml.pre}
 * @param bos id that begins a text; {@code tokenizer.ggml.bos_token_id}
 * @param eos id that ends a text; {@code tokenizer.ggml.eos_token_id}
 */
public record GgufTokenizer(
    List<String> tokens,
    List<String> merges,
    int[] types,
    String pre,
    OptionalInt bos,
    OptionalInt eos) {
  /** Token type of control tokens. */
  public static final int CONTROL = 3;

  /** Token type of tokens added by the model's author. */
  public static final int USER_DEFINED = 4;
}
