package io.tutti.api.plugin;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * The class loader of one plugin folder. The plugin sees the JDK, the contract ({@code
 * io.tutti.api}) and the packages through which the contract speaks (SLF4J, JSpecify); everything
 * else comes from its own jars, so that two plugins, or a plugin and the host, may use different
 * versions of a library.
 */
final class PluginClassLoader extends URLClassLoader {
  private static final List<String> SHARED_PACKAGES =
      List.of("io.tutti.api.", "org.slf4j.", "org.jspecify.");

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader host;

  PluginClassLoader(String plugin, URL[] jars, ClassLoader host) {
    super("tutti-plugin-" + plugin, jars, ClassLoader.getPlatformClassLoader());
    this.host = host;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    for (String shared : SHARED_PACKAGES) {
      if (name.startsWith(shared)) {
        return host.loadClass(name);
      }
    }
    return super.loadClass(name, resolve);
  }

  /**
   * Only the plugin's own jars: services of the host must not be found a second time through a
   * plugin.
   */
  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.startsWith("META-INF/services/io.tutti.")
        ? Collections.enumeration(new ArrayList<>(Collections.list(findResources(name))))
        : super.getResources(name);
  }
}
