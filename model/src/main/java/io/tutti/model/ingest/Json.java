package io.tutti.model.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tutti.api.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounded JSON as plain data: size, depth and number length are limited, and a field that occurs
 * twice in one object is an error, because readers disagree on which one counts.
 *
 * <p>Uses the streaming parser alone: no data binding, so no type can be named by a file.
 */
public final class Json {
  private static final int NUMBER_LENGTH = 400;

  private Json() {}

  /**
   * Reads a file that holds one object.
   *
   * @throws CheckpointException naming file and place
   */
  public static Map<String, Object> readObject(Path path, IngestLimits limits) {
    try {
      long size = Files.size(path);
      if (size > limits.jsonBytes()) {
        throw new CheckpointException(
            path + ": " + size + " bytes (expected: at most " + limits.jsonBytes() + ")");
      }
      try (InputStream input = Files.newInputStream(path)) {
        return readObject(input, path.toString(), limits);
      }
    } catch (IOException e) {
      throw new CheckpointException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads one object from a stream, which must end after it.
   *
   * @throws CheckpointException naming source and place
   */
  public static Map<String, Object> readObject(
      InputStream input, String source, IngestLimits limits) {
    try (JsonParser parser = factory(limits, limits.jsonBytes()).createParser(input)) {
      parser.nextToken();
      Object root = value(parser);
      if (parser.nextToken() != null) {
        throw new CheckpointException(
            source + ": text after the end of the JSON value, at " + place(parser));
      }
      if (root instanceof Map<?, ?> map) {
        @SuppressWarnings("unchecked") // value() makes maps of this type only
        Map<String, Object> object = (Map<String, Object>) map;
        return object;
      }
      throw new CheckpointException(source + ": not a JSON object (expected: {...})");
    } catch (IOException e) {
      throw broken(source, e);
    }
  }

  /** A factory that enforces the limits. */
  public static JsonFactory factory(IngestLimits limits, long documentBytes) {
    return new JsonFactoryBuilder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        // Names come from untrusted files: no shared symbol table, nothing interned.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxDocumentLength(documentBytes)
                .maxNestingDepth(limits.jsonDepth())
                .maxNumberLength(NUMBER_LENGTH)
                .maxStringLength(limits.stringBytes())
                .build())
        .build();
  }

  /** The exception for what a parser found wrong. */
  public static CheckpointException broken(String source, IOException cause) {
    if (cause instanceof JsonProcessingException json) {
      String at =
          json.getLocation() == null
              ? ""
              : ", at line "
                  + json.getLocation().getLineNr()
                  + ", column "
                  + json.getLocation().getColumnNr();
      return new CheckpointException(
          source + ": broken JSON: " + oneLine(json.getOriginalMessage()) + at, cause);
    }
    return new CheckpointException(
        source + ": broken JSON: " + oneLine(String.valueOf(cause.getMessage())), cause);
  }

  /** Where a parser stands. */
  public static String place(JsonParser parser) {
    return "line "
        + parser.currentLocation().getLineNr()
        + ", column "
        + parser.currentLocation().getColumnNr();
  }

  /** The value at the parser's current token, as plain data; recursion is bounded by the parser. */
  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("the text ends where a value is expected");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IOException("unexpected " + token);
    };
  }

  private static String oneLine(String message) {
    String flat = message.replaceAll("\\s+", " ");
    return flat.length() <= 300 ? flat : flat.substring(0, 300) + "...";
  }
}
