package io.tutti.model;

import io.tutti.api.CheckpointException;
import io.tutti.api.model.ConfigTree;
import io.tutti.api.model.ModelFamily;
import io.tutti.api.plugin.PluginRegistry;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The model families of this process, by {@code model_type}. Immutable. */
public final class ModelFamilies {
  private final Map<String, ModelFamily> byModelType;

  private ModelFamilies(Map<String, ModelFamily> byModelType) {
    this.byModelType = byModelType;
  }

  /** The families on the class path or module path. */
  public static ModelFamilies discover() {
    return discover(PluginRegistry.discover());
  }

  /** The families of a registry, plugins' included. */
  public static ModelFamilies discover(PluginRegistry registry) {
    return of(registry.families().stream().map(PluginRegistry.Found::service).toList());
  }

  /** These families; where two claim a {@code model_type}, the earlier one has it. */
  public static ModelFamilies of(List<? extends ModelFamily> families) {
    Map<String, ModelFamily> byModelType = new TreeMap<>();
    for (ModelFamily family : families) {
      for (String modelType : family.modelTypes()) {
        byModelType.putIfAbsent(modelType, family);
      }
    }
    return new ModelFamilies(Collections.unmodifiableMap(byModelType));
  }

  /** The values of {@code model_type} that can be built. */
  public Set<String> modelTypes() {
    return byModelType.keySet();
  }

  /**
   * Finds the family of a configuration.
   *
   * @throws CheckpointException if {@code model_type} is missing, or none knows it
   */
  public ModelFamily forConfig(ConfigTree config) {
    String modelType = config.requireString("model_type");
    ModelFamily family = byModelType.get(modelType);
    if (family == null) {
      throw config.wrong("model_type", modelType, "one of " + modelTypes());
    }
    return family;
  }
}
