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

/** What a checkpoint must know of its {@code tokenizer.json}, read in one pass, nothing kept. */
final class TokenizerJson {
  private TokenizerJson() {}

  /**
   * Reads {@code added_tokens}: id by text. Stops after that field, which the usual files have in
   * front of the vocabulary.
   *
   * @throws CheckpointException if the file is not what it should be
   */
  static Map<String, Integer> addedTokens(Path path, IngestLimits limits) {
    Scan scan = new Scan(true);
    scan.run(path, limits);
    return scan.added;
  }

  /**
   * Highest id of the vocabulary and of the added tokens, plus one.
   *
   * @throws CheckpointException if the file is not what it should be
   */
  static int size(Path path, IngestLimits limits) {
    Scan scan = new Scan(false);
    scan.run(path, limits);
    return (int) Math.min(scan.highest + 1L, Integer.MAX_VALUE);
  }

  private static final class Scan {
    final boolean addedOnly;
    final Map<String, Integer> added = new LinkedHashMap<>();
    int highest = -1;

    Scan(boolean addedOnly) {
      this.addedOnly = addedOnly;
    }

    void run(Path path, IngestLimits limits) {
      try (InputStream input = Files.newInputStream(path);
          JsonParser parser = Json.factory(limits, limits.jsonBytes()).createParser(input)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new CheckpointException(path + ": not a JSON object (expected: {...})");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String field = parser.currentName();
          JsonToken value = parser.nextToken();
          if (field.equals("added_tokens") && value == JsonToken.START_ARRAY) {
            addedTokens(parser);
            if (addedOnly) {
              return;
            }
          } else if (field.equals("model") && value == JsonToken.START_OBJECT && !addedOnly) {
            model(parser);
          } else {
            parser.skipChildren();
          }
        }
      } catch (IOException e) {
        throw Json.broken(path.toString(), e);
      }
    }

    private void addedTokens(JsonParser parser) throws IOException {
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
        highest = Math.max(highest, id);
        if (id >= 0 && !content.isEmpty()) {
          added.put(content, id);
        }
      }
    }

    private void model(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean vocab = parser.currentName().equals("vocab");
        if (parser.nextToken() != JsonToken.START_OBJECT || !vocab) {
          parser.skipChildren();
          continue;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            highest = Math.max(highest, parser.getIntValue());
          } else {
            parser.skipChildren();
          }
        }
      }
    }
  }
}
