package io.tutti.cli;

import io.tutti.api.backend.BackendOptions;
import io.tutti.conformance.ConformanceReport;
import io.tutti.conformance.ConformanceRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Holds a backend to the conformance kit. Exit code 1 if a check failed. */
@Command(name = "conform", description = "Hold a backend to the conformance kit.")
final class ConformCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--backend", required = true, description = "Name of the backend.")
  private String backend;

  @Option(
      names = "--golden",
      description = "A folder in the golden format, instead of those that ship; may be repeated.")
  private List<Path> goldens = List.of();

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    ConformanceReport report =
        ConformanceRun.of(Main.plugins().backend(backend), BackendOptions.defaults())
            .withGoldens(goldens)
            .run(ConformanceRun.Listener.NONE);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? report.json() : report.text());
    out.flush();
    return report.passed() ? 0 : 1;
  }
}
