package io.tutti.api.plugin;

import io.tutti.api.PluginException;
import io.tutti.api.SpiVersion;
import io.tutti.api.SpiVersionRange;
import io.tutti.api.backend.Availability;
import io.tutti.api.backend.BackendProvider;
import io.tutti.api.model.ModelFamily;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The plugins of this process: backends and model families, those that can be used and those that
 * were refused, each with the reason. Immutable once discovered; thread-safe. Class loaders of
 * plugin folders live as long as the process, because native libraries and threads of a plugin may.
 */
public final class PluginRegistry {
  private final Map<String, Found<BackendProvider>> backends;
  private final Map<String, Found<ModelFamily>> families;
  private final List<Refused> refused;

  private PluginRegistry(
      Map<String, Found<BackendProvider>> backends,
      Map<String, Found<ModelFamily>> families,
      List<Refused> refused) {
    this.backends = backends;
    this.families = families;
    this.refused = List.copyOf(refused);
  }

  /**
   * A plugin that speaks a version this host knows.
   *
   * @param name its name
   * @param origin {@code "class path"}, {@code "module path"} or the plugin's folder
   * @param service the provider
   */
  public record Found<T>(String name, String origin, T service) {}

  /**
   * A plugin that cannot be used.
   *
   * @param name its name, or that of the class where the name could not be asked
   * @param origin where it was found
   * @param reason why, with versions where they are the reason
   */
  public record Refused(String name, String origin, String reason) {}

  /** Finds the plugins on the class path or module path. */
  public static PluginRegistry discover() {
    return discover(List.of());
  }

  /**
   * Finds the plugins on the class path or module path, and those in folders.
   *
   * @param pluginFolders folders that hold one folder per plugin, each with that plugin's jars;
   *     those that do not exist are passed over
   */
  public static PluginRegistry discover(List<Path> pluginFolders) {
    Discovery discovery = new Discovery();
    ClassLoader host = PluginRegistry.class.getClassLoader();
    discovery.load(
        host,
        host.getUnnamedModule() == PluginRegistry.class.getModule() ? "class path" : "module path");
    for (Path folder : pluginFolders) {
      for (Path plugin : subfolders(folder)) {
        try {
          discovery.load(
              new PluginClassLoader(plugin.getFileName().toString(), jars(plugin), host),
              plugin.toString());
        } catch (PluginException e) {
          discovery.refused.add(
              new Refused(plugin.getFileName().toString(), plugin.toString(), e.getMessage()));
        }
      }
    }
    return new PluginRegistry(discovery.backends, discovery.families, discovery.refused);
  }

  /** The backends that speak our version, available on this machine or not, best first. */
  public List<Found<BackendProvider>> backends() {
    return backends.values().stream()
        .sorted(
            Comparator.comparingInt((Found<BackendProvider> found) -> -found.service().priority())
                .thenComparing(Found::name))
        .toList();
  }

  /** The model families. */
  public List<Found<ModelFamily>> families() {
    return List.copyOf(families.values());
  }

  /** What was found and cannot be used. */
  public List<Refused> refused() {
    return refused;
  }

  /**
   * Returns a backend by name, whether or not it is available here.
   *
   * @throws PluginException saying which there are, or why that one was refused
   */
  public BackendProvider backend(String name) {
    Found<BackendProvider> found = backends.get(name);
    if (found != null) {
      return found.service();
    }
    for (Refused plugin : refused) {
      if (plugin.name().equals(name)) {
        throw new PluginException(
            "backend " + name + " (" + plugin.origin() + ") was refused: " + plugin.reason());
      }
    }
    throw new PluginException(
        "backend: " + name + " (expected: one of " + backends.keySet() + "; see `tutti backends`)");
  }

  /**
   * Returns the available backend of the highest priority.
   *
   * @throws PluginException saying for each why it is not available
   */
  public BackendProvider bestBackend() {
    StringBuilder reasons = new StringBuilder();
    for (Found<BackendProvider> found : backends()) {
      switch (availabilityOf(found.service())) {
        case Availability.Available available -> {
          return found.service();
        }
        case Availability.Unavailable(String reason, String remedy) ->
            reasons
                .append("; ")
                .append(found.name())
                .append(": ")
                .append(reason)
                .append(" - ")
                .append(remedy);
      }
    }
    throw new PluginException("no backend is available" + reasons);
  }

  /** Asks for availability; an exception, which the contract forbids, becomes a reason. */
  public static Availability availabilityOf(BackendProvider provider) {
    try {
      return provider.availability();
    } catch (RuntimeException | LinkageError e) {
      return new Availability.Unavailable(
          "its availability check threw " + e, "report it to the author of the plugin");
    }
  }

  private static List<Path> subfolders(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new PluginException(
          "plugin folder " + folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static URL[] jars(Path plugin) {
    try (Stream<Path> entries = Files.list(plugin)) {
      List<Path> jars = entries.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
      if (jars.isEmpty()) {
        throw new PluginException(
            "no jar in " + plugin + " (expected: the plugin's jar and its dependencies)");
      }
      URL[] urls = new URL[jars.size()];
      for (int i = 0; i < urls.length; i++) {
        urls[i] = jars.get(i).toUri().toURL();
      }
      return urls;
    } catch (MalformedURLException e) {
      throw new PluginException("a jar in " + plugin + " has no URL: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new PluginException(
          "plugin folder " + plugin + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Collects what the class loaders hold. */
  private static final class Discovery {
    final Map<String, Found<BackendProvider>> backends = new LinkedHashMap<>();
    final Map<String, Found<ModelFamily>> families = new LinkedHashMap<>();
    final List<Refused> refused = new ArrayList<>();

    void load(ClassLoader loader, String origin) {
      load(
          BackendProvider.class,
          ServiceLoader.load(BackendProvider.class, loader),
          origin,
          backends,
          BackendProvider::name,
          BackendProvider::spiVersions);
      load(
          ModelFamily.class,
          ServiceLoader.load(ModelFamily.class, loader),
          origin,
          families,
          ModelFamily::name,
          ModelFamily::spiVersions);
    }

    private <T> void load(
        Class<T> type,
        ServiceLoader<T> loader,
        String origin,
        Map<String, Found<T>> into,
        Function<T, String> nameOf,
        Function<T, SpiVersionRange> versionsOf) {
      Iterator<ServiceLoader.Provider<T>> providers = loader.stream().iterator();
      while (true) {
        String label = type.getSimpleName();
        try {
          if (!providers.hasNext()) {
            return;
          }
          ServiceLoader.Provider<T> provider = providers.next();
          label = provider.type().getName();
          add(provider.get(), label, origin, into, nameOf, versionsOf);
        } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
          refused.add(new Refused(label, origin, "it cannot be loaded: " + e));
        }
      }
    }

    private <T> void add(
        T service,
        String label,
        String origin,
        Map<String, Found<T>> into,
        Function<T, String> nameOf,
        Function<T, SpiVersionRange> versionsOf) {
      String name = nameOf.apply(service);
      if (name == null || !name.matches("[a-z][a-z0-9_-]{0,63}")) {
        refused.add(
            new Refused(
                label,
                origin,
                "its name is " + name + " (expected: lower case, a-z, 0-9, _ and -)"));
        return;
      }
      SpiVersionRange versions = versionsOf.apply(service);
      if (!versions.accepts(SpiVersion.current())) {
        refused.add(
            new Refused(
                name,
                origin,
                "it speaks SPI "
                    + versions
                    + " and this host speaks "
                    + SpiVersion.current()
                    + " (expected: a plugin built against major "
                    + SpiVersion.MAJOR
                    + ")"));
        return;
      }
      Found<T> before = into.putIfAbsent(name, new Found<>(name, origin, service));
      if (before != null) {
        refused.add(
            new Refused(name, origin, "the name is taken by the plugin from " + before.origin()));
      }
    }
  }
}
