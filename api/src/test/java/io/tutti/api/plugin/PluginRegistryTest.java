package io.tutti.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tutti.api.PluginException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginRegistryTest {
  @Test
  void aFolderWithoutAJarIsRefusedByName(@TempDir Path plugins) throws Exception {
    Files.createDirectory(plugins.resolve("empty"));
    PluginRegistry registry = PluginRegistry.discover(List.of(plugins, plugins.resolve("absent")));
    assertThat(registry.refused())
        .singleElement()
        .satisfies(
            refused -> {
              assertThat(refused.name()).isEqualTo("empty");
              assertThat(refused.reason()).contains("no jar");
            });
    assertThatThrownBy(() -> registry.backend("empty"))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("refused");
    assertThatThrownBy(() -> registry.backend("cuda"))
        .hasMessageContaining("cuda")
        .hasMessageContaining("expected");
  }
}
