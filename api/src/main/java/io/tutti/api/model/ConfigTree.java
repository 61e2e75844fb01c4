package io.tutti.api.model;

import io.tutti.api.CheckpointException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model's configuration as plain data, in the field names of Hugging Face's {@code config.json}:
 * strings, {@link Long}, {@link Double}, {@link Boolean}, lists and nested trees; a JSON null is an
 * absent field. Immutable.
 *
 * <p>Every accessor checks type and range and names the field and the file in its message.
 */
public final class ConfigTree {
  private final String source;
  private final String prefix;
  private final Map<String, Object> values;

  private ConfigTree(String source, String prefix, Map<String, Object> values) {
    this.source = source;
    this.prefix = prefix;
    this.values = values;
  }

  /**
   * Creates a tree.
   *
   * @param source where it comes from, for messages
   * @param values plain data as described above; nulls are dropped, integral numbers become {@link
   *     Long}, others {@link Double}
   * @throws CheckpointException if a value is of another type
   */
  public static ConfigTree of(String source, Map<String, ?> values) {
    return new ConfigTree(source, "", copy(source, "", values));
  }

  /** Where the configuration comes from. */
  public String source() {
    return source;
  }

  /** Names of the fields present. */
  public Set<String> names() {
    return values.keySet();
  }

  /** Tells whether a field is present and not null. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The raw value of a field. */
  public Optional<Object> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** A copy in which one field has another value, for experiments and overrides. */
  public ConfigTree with(String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.put(name, value);
    return new ConfigTree(source, prefix, copy(source, prefix, changed));
  }

  /** An integer field within {@code [min, max]} that must be there. */
  public int requireInt(String name, int min, int max) {
    return toInt(name, require(name), min, max);
  }

  /** An integer field within {@code [min, max]}, or a default. */
  public int intOr(String name, int min, int max, int defaultValue) {
    Object value = values.get(name);
    return value == null ? defaultValue : toInt(name, value, min, max);
  }

  /** A finite number that must be there. */
  public double requireDouble(String name) {
    return toDouble(name, require(name));
  }

  /** A finite number, or a default. */
  public double doubleOr(String name, double defaultValue) {
    Object value = values.get(name);
    return value == null ? defaultValue : toDouble(name, value);
  }

  /** A Boolean, or a default. */
  public boolean booleanOr(String name, boolean defaultValue) {
    return switch (values.get(name)) {
      case null -> defaultValue;
      case Boolean value -> value;
      case Object other -> throw wrong(name, other, "true or false");
    };
  }

  /** A string that must be there. */
  public String requireString(String name) {
    return toText(name, require(name));
  }

  /** A string, if present. */
  public Optional<String> string(String name) {
    Object value = values.get(name);
    return value == null ? Optional.empty() : Optional.of(toText(name, value));
  }

  /** A list of strings, empty if absent. */
  public List<String> strings(String name) {
    return list(name).stream().map(item -> toText(name, item)).toList();
  }

  /** A list of integers within {@code [min, max]}, empty if absent. */
  public List<Integer> ints(String name, int min, int max) {
    return list(name).stream().map(item -> toInt(name, item, min, max)).toList();
  }

  /** A nested object, if present. */
  public Optional<ConfigTree> tree(String name) {
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case ConfigTree tree -> Optional.of(tree);
      case Object other -> throw wrong(name, other, "an object");
    };
  }

  /** An exception about a field of this tree, for callers that check more than a type. */
  public CheckpointException wrong(String name, Object found, String expected) {
    return new CheckpointException(
        prefix + name + ": " + found + " (expected: " + expected + "), in " + source);
  }

  @Override
  public String toString() {
    return values.toString();
  }

  private List<?> list(String name) {
    return switch (values.get(name)) {
      case null -> List.of();
      case List<?> list -> list;
      case Object other -> throw wrong(name, other, "a list");
    };
  }

  private Object require(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new CheckpointException(prefix + name + ": missing (expected: a value), in " + source);
    }
    return value;
  }

  private int toInt(String name, Object value, int min, int max) {
    if (value instanceof Long number && number >= min && number <= max) {
      return (int) (long) number;
    }
    throw wrong(name, value, "an integer in [" + min + ", " + max + "]");
  }

  private double toDouble(String name, Object value) {
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(name, value, "a finite number");
  }

  private String toText(String name, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name, value, "a string");
  }

  private static Map<String, Object> copy(String source, String prefix, Map<?, ?> values) {
    Map<String, Object> copy = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (value != null) {
            String name = String.valueOf(key);
            copy.put(name, normalize(source, prefix + name, value));
          }
        });
    return Collections.unmodifiableMap(copy);
  }

  private static Object normalize(String source, String path, @Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case Boolean flag -> flag;
      case Byte number -> number.longValue();
      case Short number -> number.longValue();
      case Integer number -> number.longValue();
      case Long number -> number;
      case Float number -> number.doubleValue();
      case Double number -> number;
      case java.math.BigInteger number ->
          number.bitLength() < 64 ? (Object) number.longValue() : number.doubleValue();
      case java.math.BigDecimal number -> number.doubleValue();
      case ConfigTree tree -> tree;
      case Map<?, ?> map -> new ConfigTree(source, path + ".", copy(source, path + ".", map));
      case List<?> list -> {
        List<Object> items = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
          items.add(normalize(source, path + "[" + i + "]", list.get(i)));
        }
        yield Collections.unmodifiableList(items);
      }
      case null -> "null"; // only inside lists; kept as text so that indices stay what they were
      default ->
          throw new CheckpointException(
              path
                  + ": "
                  + value.getClass().getSimpleName()
                  + " (expected: plain data), in "
                  + source);
    };
  }
}
