package io.tutti.model.safetensors;

import io.tutti.api.weights.DType;
import java.util.Optional;

/** The element types of the safetensors format and what they are here. */
final class SafetensorsType {
  private SafetensorsType() {}

  /** The type of that name, if it is one that we read. */
  static Optional<DType> of(String name) {
    return switch (name) {
      case "F32" -> Optional.of(DType.F32);
      case "F16" -> Optional.of(DType.F16);
      case "BF16" -> Optional.of(DType.BF16);
      case "F64" -> Optional.of(DType.F64);
      case "I64" -> Optional.of(DType.I64);
      case "I32" -> Optional.of(DType.I32);
      case "I16" -> Optional.of(DType.I16);
      case "I8" -> Optional.of(DType.I8);
      case "U8" -> Optional.of(DType.U8);
      case "BOOL" -> Optional.of(DType.BOOL);
      default -> Optional.empty();
    };
  }

  /** Name of a type in the format, if it has one: block layouts have none. */
  static Optional<String> nameOf(DType dtype) {
    return of(dtype.name()).map(DType::name);
  }
}
