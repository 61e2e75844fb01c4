package io.tutti.cli;

import io.tutti.api.TuttiException;
import io.tutti.api.plugin.PluginRegistry;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of the command line. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "tutti",
    description = "One Qwen2 graph, played by every backend, and provably the same music.",
    mixinStandardHelpOptions = true,
    version = "tutti 0.1.0-SNAPSHOT",
    subcommands = {BackendsCommand.class, ConformCommand.class, LogitsCommand.class})
public final class Main {
  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show stack traces.")
  private boolean verbose;

  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    Main main = new Main();
    return new CommandLine(main)
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              if (main.verbose || !(exception instanceof TuttiException)) {
                exception.printStackTrace(command.getErr());
              } else {
                command.getErr().println("tutti: " + exception.getMessage());
              }
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** The plugins on the class path and in the folder {@code plugins} beside the launcher. */
  static PluginRegistry plugins() {
    return PluginRegistry.discover(
        List.of(Path.of(System.getProperty("tutti.home", ".")).resolve("plugins")));
  }
}
