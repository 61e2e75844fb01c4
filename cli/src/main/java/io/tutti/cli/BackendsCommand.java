package io.tutti.cli;

import io.tutti.api.backend.Availability;
import io.tutti.api.backend.BackendProvider;
import io.tutti.api.plugin.PluginRegistry;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists backends: those that can be used, those that cannot and why, those that were refused. */
@Command(name = "backends", description = "List backends, and say why one cannot be used.")
final class BackendsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PluginRegistry plugins = Main.plugins();
    for (PluginRegistry.Found<BackendProvider> found : plugins.backends()) {
      BackendProvider provider = found.service();
      out.printf(
          "%-12s %s - %s (%s)%n",
          found.name(), provider.version(), provider.description(), found.origin());
      switch (PluginRegistry.availabilityOf(provider)) {
        case Availability.Available(String detail) ->
            out.println("             available: " + detail);
        case Availability.Unavailable(String reason, String remedy) ->
            out.println("             not available: " + reason + " - " + remedy);
      }
    }
    for (PluginRegistry.Refused refused : plugins.refused()) {
      out.println(
          refused.name() + " was refused: " + refused.reason() + " (" + refused.origin() + ")");
    }
    out.flush();
    return 0;
  }
}
