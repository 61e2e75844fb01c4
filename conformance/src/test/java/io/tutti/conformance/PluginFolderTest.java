package io.tutti.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tutti.api.PluginException;
import io.tutti.api.SpiVersion;
import io.tutti.api.backend.Availability;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.BackendProvider;
import io.tutti.api.plugin.PluginRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plugins as a user drops them in: jars compiled here, out of tree, and loaded from {@code
 * plugins/<name>/} by the registry.
 */
class PluginFolderTest {
  private static final String CURRENT =
      "SpiVersionRange.builtAgainst(SpiVersion.MAJOR, SpiVersion.MINOR)";

  @TempDir private Path temp;
  private Path plugins;

  @BeforeEach
  void folder() throws IOException {
    plugins = Files.createDirectory(temp.resolve("plugins"));
  }

  @Test
  void aPluginLivesInAClassLoaderOfItsOwn() throws IOException {
    plugin("one", "one", CURRENT, "acme.OneProvider");
    plugin("two", "two", CURRENT, "acme.TwoProvider");

    PluginRegistry registry = PluginRegistry.discover(List.of(plugins));

    ClassLoader one = registry.backend("one").getClass().getClassLoader();
    ClassLoader two = registry.backend("two").getClass().getClassLoader();
    assertThat(one).isNotSameAs(two).isNotSameAs(PluginFolderTest.class.getClassLoader());
    assertThat(one.getName()).isEqualTo("tutti-plugin-one");
    // The contract is shared, the kit and everything else of the host is not.
    assertThat(registry.backend("one")).isInstanceOf(BackendProvider.class);
    assertThatThrownBy(() -> one.loadClass(PluginFolderTest.class.getName()))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(registry.refused()).isEmpty();
  }

  @Test
  void theKitRunsAPluginFromAFolder() throws IOException {
    plugin("one", "one", CURRENT, "acme.OneProvider");

    ConformanceReport report =
        ConformanceRun.of(
                PluginRegistry.discover(List.of(plugins)).backend("one"), BackendOptions.defaults())
            .run(ConformanceRun.Listener.NONE);

    // The plugin says that it is not available: nothing may count as a pass but its own contract.
    assertThat(report.failures()).isEmpty();
    assertThat(report.count(Outcome.Skipped.class)).isGreaterThan(400);
    assertThat(report.results())
        .filteredOn(result -> result.outcome() instanceof Outcome.Pass)
        .allSatisfy(result -> assertThat(result.group()).isEqualTo(Group.PROVIDER));
    assertThat(report.json()).contains("\"outcome\" : \"skipped\"").contains("no such device");
    assertThat(report.text()).contains("SKIPPED").contains("buy one");
  }

  @Test
  void anotherMajorIsRefusedByNameWithBothVersions() throws IOException {
    plugin(
        "future",
        "future",
        "new SpiVersionRange(new SpiVersion(99, 0), new SpiVersion(99, 3))",
        "acme.FutureProvider");
    plugin("one", "one", CURRENT, "acme.OneProvider");

    PluginRegistry registry = PluginRegistry.discover(List.of(plugins));

    assertThatThrownBy(() -> registry.backend("future"))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("future")
        .hasMessageContaining("[99.0, 99.3]")
        .hasMessageContaining(SpiVersion.current().toString());
    assertThat(registry.backend("one").name()).isEqualTo("one");
  }

  @Test
  void aBrokenServiceLineDoesNotHideOthers() throws IOException {
    plugin("broken", "one", CURRENT, "no.such.Provider\nacme.OneProvider");
    plugin("empty", "two", CURRENT, "not a class name!");
    plugin("two", "two", CURRENT, "acme.TwoProvider");

    PluginRegistry registry = PluginRegistry.discover(List.of(plugins));

    assertThat(registry.backend("one").name()).isEqualTo("one");
    assertThat(registry.backend("two").name()).isEqualTo("two");
    assertThat(registry.refused()).isNotEmpty();
    assertThat(registry.refused().toString()).contains("no.such.Provider");
  }

  @Test
  void aFolderWithoutAJarIsRefusedByName() throws IOException {
    Files.createDirectory(plugins.resolve("hollow"));
    plugin("one", "one", CURRENT, "acme.OneProvider");

    PluginRegistry registry = PluginRegistry.discover(List.of(plugins));

    assertThat(registry.refused()).hasSize(1);
    assertThat(registry.refused().getFirst().name()).isEqualTo("hollow");
    assertThat(PluginRegistry.availabilityOf(registry.backend("one")))
        .isEqualTo(new Availability.Unavailable("no such device", "buy one"));
  }

  /** Compiles a provider called {@code acme.<Name>Provider} into {@code plugins/folder}. */
  private void plugin(String folder, String name, String versions, String services)
      throws IOException {
    String type = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Provider";
    Path classes = Files.createTempDirectory(temp, "classes");
    compile(source(type, name, versions), type, classes);
    Path jar = Files.createDirectories(plugins.resolve(folder)).resolve(folder + ".jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream archive = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        archive.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, archive);
      }
      archive.putNextEntry(new JarEntry("META-INF/services/" + BackendProvider.class.getName()));
      archive.write(services.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void compile(String source, String type, Path classes) throws IOException {
    Path file = Files.writeString(classes.resolve(type + ".java"), source);
    StringWriter messages = new StringWriter();
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                new PrintWriter(messages, true),
                new PrintWriter(messages, true),
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                file.toString());
    assertThat(status).as(messages.toString()).isZero();
    Files.delete(file);
  }

  private static String source(String type, String name, String versions) {
    return """
        package acme;

        import io.tutti.api.*;
        import io.tutti.api.backend.*;

        public final class %s implements BackendProvider {
          public String name() { return "%s"; }
          public String description() { return "A backend that was compiled by a test."; }
          public String version() { return "1"; }
          public SpiVersionRange spiVersions() { return %s; }
          public Availability availability() {
            return new Availability.Unavailable("no such device", "buy one");
          }
          public Backend open(BackendOptions options) {
            throw new BackendException("no such device (buy one)");
          }
        }
        """
        .formatted(type, name, versions);
  }
}
