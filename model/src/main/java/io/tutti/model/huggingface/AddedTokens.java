package io.tutti.model.huggingface;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tutti.api.CheckpointException;
import io.tutti.model.ingest.IngestLimits;
import io.tutti.model.ingest.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The special tokens of a folder's {@code tokenizer.json}, read without its vocabulary. */
public final class AddedTokens {
  private AddedTokens() {}

  /**
   * Reads {@code added_tokens}: id by text. Stops after that field, which the usual files have in
   * front of the vocabulary.
   *
   * @throws CheckpointException if the file is not what it should be
   */
  public static Map<String, Integer> read(Path tokenizerJson, IngestLimits limits) {
    try (InputStream input = Files.newInputStream(tokenizerJson);
        JsonParser parser = Json.factory(limits, limits.jsonBytes()).createParser(input)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new CheckpointException(tokenizerJson + ": not a JSON object (expected: {...})");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("added_tokens");
        JsonToken value = parser.nextToken();
        if (wanted && value == JsonToken.START_ARRAY) {
          return tokens(parser);
        }
        parser.skipChildren();
      }
      return Map.of();
    } catch (IOException e) {
      throw Json.broken(tokenizerJson.toString(), e);
    }
  }

  private static Map<String, Integer> tokens(JsonParser parser) throws IOException {
    Map<String, Integer> ids = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      String content = "";
      int id = -1;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("content") && value == JsonToken.VALUE_STRING) {
          content = parser.getText();
        } else if (field.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
          id = parser.getIntValue();
        } else {
          parser.skipChildren();
        }
      }
      if (id >= 0 && !content.isEmpty()) {
        ids.put(content, id);
      }
    }
    return ids;
  }
}
