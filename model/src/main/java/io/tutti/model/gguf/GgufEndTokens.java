package io.tutti.model.gguf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The end-of-text tokens that a GGUF file names. */
public final class GgufEndTokens {
  private static final Set<String> END_TEXTS = Set.of("<|endoftext|>", "<|im_end|>");
  private static final int CONTROL = 3;

  private GgufEndTokens() {}

  /**
   * Ids by the metadata key or the token text that names them: the file's end-of-text, end-of-turn
   * and end-of-message ids, and the control tokens by which Qwen2 ends a text or a turn.
   *
   * @param tokens text of each token, by id
   * @param types GGUF type of each token, by id
   */
  public static Map<String, Set<Integer>> of(GgufFile file, List<String> tokens, int[] types) {
    Map<String, Set<Integer>> stops = new LinkedHashMap<>();
    for (String key : new String[] {"eos", "eot", "eom"}) {
      String name = "tokenizer.ggml." + key + "_token_id";
      if (file.scalar(name).orElse(-1L) instanceof Long id && id >= 0 && id <= Integer.MAX_VALUE) {
        stops.put(name, Set.of((int) (long) id));
      }
    }
    for (int id = 0; id < Math.min(types.length, tokens.size()); id++) {
      if (types[id] == CONTROL && END_TEXTS.contains(tokens.get(id))) {
        stops.put("token " + tokens.get(id), Set.of(id));
      }
    }
    return stops;
  }
}
