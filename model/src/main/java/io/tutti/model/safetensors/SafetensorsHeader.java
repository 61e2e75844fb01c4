package io.tutti.model.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tutti.api.CheckpointException;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.model.ingest.IngestLimits;
import io.tutti.model.ingest.Json;
import io.tutti.model.ingest.SegmentInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The header of a safetensors file: {@code u64 n}, then n bytes of JSON, then the data.
 *
 * <p>The rules of the format are enforced: the header is an object within the file and within 100
 * MB, the tensors follow each other without gap or overlap and fill the file to its end, and each
 * has exactly the bytes of its shape.
 *
 * @param metadata the {@code __metadata__} strings
 * @param tensors tensors in the order of their data
 * @param dataOffset first byte of the data in the file
 */
record SafetensorsHeader(Map<String, String> metadata, List<Tensor> tensors, long dataOffset) {
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_RANK = 8;

  /**
   * A tensor of the header.
   *
   * @param type name of the element type in the file
   * @param begin first byte, counted from the start of the data
   * @param end byte after the last
   */
  record Tensor(String name, String type, Shape shape, long begin, long end) {
    Optional<DType> dtype() {
      return SafetensorsType.of(type);
    }
  }

  static SafetensorsHeader read(MemorySegment file, String source, IngestLimits limits) {
    long size = file.byteSize();
    if (size < 10) {
      throw new CheckpointException(
          source + ": " + size + " bytes (expected: a safetensors file, 10 at least)");
    }
    refusePickle(file, source);
    long length = file.get(U64, 0);
    if (length < 2 || length > limits.headerBytes() || length > size - 8) {
      throw new CheckpointException(
          source
              + ": header of "
              + Long.toUnsignedString(length)
              + " bytes (expected: 2.."
              + Math.min(limits.headerBytes(), size - 8)
              + "); the file is damaged, cut off or no safetensors file");
    }
    if (file.get(ValueLayout.JAVA_BYTE, 8) != '{') {
      throw new CheckpointException(source + ": header does not start with {, at byte 8");
    }
    Parse parse = new Parse(source, limits);
    parse.header(file.asSlice(8, length));
    parse.tensors.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
    requireNoGaps(parse.tensors, size - 8 - length, source);
    return new SafetensorsHeader(parse.metadata, List.copyOf(parse.tensors), 8 + length);
  }

  private static void refusePickle(MemorySegment file, String source) {
    int first = file.get(ValueLayout.JAVA_BYTE, 0) & 0xff;
    int second = file.get(ValueLayout.JAVA_BYTE, 1) & 0xff;
    int third = file.get(ValueLayout.JAVA_BYTE, 2) & 0xff;
    boolean zip = first == 'P' && second == 'K' && third == 3;
    // A pickle opens with PROTO 2..5 and an opcode; as a header length its third byte would be
    // one of these few opcodes only by a header of more than 4 MB.
    boolean pickle =
        first == 0x80
            && second >= 2
            && second <= 5
            && (third == 0x8a || third == '}' || third == 'c');
    if (zip || pickle) {
      throw new CheckpointException(
          source
              + ": a PyTorch pickle (expected: safetensors); loading one can run code, so it is"
              + " refused: convert it to safetensors");
    }
  }

  private static void requireNoGaps(List<Tensor> tensors, long dataBytes, String source) {
    long at = 0;
    for (Tensor tensor : tensors) {
      if (tensor.begin() != at) {
        throw new CheckpointException(
            "tensor "
                + tensor.name()
                + ": starts at data byte "
                + tensor.begin()
                + " (expected: "
                + at
                + (tensor.begin() < at ? ", it overlaps the one before" : ", no gap is allowed")
                + "), in "
                + source);
      }
      at = tensor.end();
    }
    if (at != dataBytes) {
      throw new CheckpointException(
          source
              + ": tensors take "
              + at
              + " bytes of data (expected: "
              + dataBytes
              + ", all of the file after the header); the file is cut off or damaged");
    }
  }

  /** One pass over the JSON text. */
  private static final class Parse {
    final String source;
    final IngestLimits limits;
    final Map<String, String> metadata = new LinkedHashMap<>();
    final List<Tensor> tensors = new ArrayList<>();

    Parse(String source, IngestLimits limits) {
      this.source = source;
      this.limits = limits;
    }

    void header(MemorySegment text) {
      try (JsonParser parser =
          Json.factory(limits, limits.headerBytes()).createParser(new SegmentInputStream(text))) {
        require(parser, parser.nextToken(), JsonToken.START_OBJECT, "header", "an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          require(parser, parser.nextToken(), JsonToken.START_OBJECT, name, "an object");
          if (name.equals("__metadata__")) {
            metadata(parser);
          } else {
            tensors.add(tensor(parser, name));
            if (tensors.size() > limits.tensors()) {
              throw new CheckpointException(
                  source + ": more than " + limits.tensors() + " tensors (expected: fewer)");
            }
          }
        }
        if (parser.nextToken() != null) {
          throw new CheckpointException(source + ": text after the header's object");
        }
      } catch (IOException e) {
        throw Json.broken(source, e);
      }
    }

    private void metadata(JsonParser parser) throws IOException {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        require(parser, parser.nextToken(), JsonToken.VALUE_STRING, "__metadata__", "a string");
        metadata.put(key, parser.getText());
      }
    }

    private Tensor tensor(JsonParser parser, String name) throws IOException {
      String type = "";
      long[] dims = {-1};
      long[] offsets = {};
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (field) {
          case "dtype" -> {
            require(parser, token, JsonToken.VALUE_STRING, name + ".dtype", "a string");
            type = parser.getText();
          }
          case "shape" -> dims = numbers(parser, token, name + ".shape", MAX_RANK);
          case "data_offsets" -> offsets = numbers(parser, token, name + ".data_offsets", 2);
          default -> parser.skipChildren();
        }
      }
      if (type.isEmpty() || offsets.length != 2 || (dims.length == 1 && dims[0] == -1)) {
        throw new CheckpointException(
            "tensor " + name + ": expected dtype, shape and two data_offsets, in " + source);
      }
      return checked(name, type, dims, offsets[0], offsets[1]);
    }

    private Tensor checked(String name, String type, long[] dims, long begin, long end) {
      if (end < begin) {
        throw new CheckpointException(
            "tensor "
                + name
                + ": data_offsets ["
                + begin
                + ", "
                + end
                + "] (expected: ascending), in "
                + source);
      }
      for (long dim : dims) {
        if (dim == 0) {
          throw new CheckpointException(
              "tensor " + name + ": an extent of 0 (expected: >= 1), in " + source);
        }
      }
      Shape shape;
      try {
        shape = Shape.of(dims);
        Optional<DType> dtype = SafetensorsType.of(type);
        if (dtype.isPresent() && dtype.get().bytes(shape) != end - begin) {
          throw new CheckpointException(
              "tensor "
                  + name
                  + ": "
                  + (end - begin)
                  + " bytes (expected: "
                  + dtype.get().bytes(shape)
                  + " for "
                  + type
                  + " "
                  + shape
                  + "), in "
                  + source);
        }
      } catch (ArithmeticException e) {
        throw new CheckpointException(
            "tensor " + name + ": its size leaves the range of 63 bits, in " + source, e);
      }
      return new Tensor(name, type, shape, begin, end);
    }

    private long[] numbers(JsonParser parser, JsonToken token, String what, int most)
        throws IOException {
      require(parser, token, JsonToken.START_ARRAY, what, "a list");
      long[] numbers = new long[most];
      int count = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        require(
            parser, parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what, "whole numbers only");
        if (count == most) {
          throw new CheckpointException(
              what + ": more than " + most + " numbers (expected: fewer), in " + source);
        }
        long number = parser.getLongValue(); // beyond 63 bits this is an IOException
        if (number < 0) {
          throw new CheckpointException(what + ": " + number + " (expected: >= 0), in " + source);
        }
        numbers[count++] = number;
      }
      return Arrays.copyOf(numbers, count);
    }

    private void require(
        JsonParser parser, JsonToken found, JsonToken expected, String what, String wanted) {
      if (found != expected) {
        throw new CheckpointException(
            what
                + ": "
                + found
                + " (expected: "
                + wanted
                + "), at "
                + Json.place(parser)
                + " of the header of "
                + source);
      }
    }
  }
}
