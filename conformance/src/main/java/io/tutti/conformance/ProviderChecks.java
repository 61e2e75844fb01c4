package io.tutti.conformance;

import io.tutti.api.BackendException;
import io.tutti.api.SpiVersion;
import io.tutti.api.backend.Availability;
import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.BackendProvider;
import java.util.List;
import java.util.Map;

/** The contract of {@link BackendProvider}. */
final class ProviderChecks {
  private ProviderChecks() {}

  static List<Check> all() {
    return List.of(
        check("name, description and version are for people", ProviderChecks::names),
        check("the SPI range accepts this host", ProviderChecks::versions),
        check("the availability check is quick and never throws", ProviderChecks::availability),
        check("it opens if it is available, and refuses if it is not", ProviderChecks::opens),
        check("an option that it does not know is refused", ProviderChecks::unknownOption),
        check("the device describes itself", ProviderChecks::device));
  }

  private static Check check(String name, Check.Body body) {
    return new Check(Group.PROVIDER, name, body);
  }

  private static String names(Workbench bench) {
    BackendProvider provider = bench.provider();
    Expect.that(
        provider.name().matches("[a-z][a-z0-9_-]{0,63}"),
        "name: " + provider.name() + " (expected: lower case, a-z, 0-9, _ and -)");
    Expect.that(provider.name().equals(provider.name()), "name (expected: always the same)");
    Expect.that(!provider.description().isBlank(), "description (expected: one sentence)");
    Expect.that(!provider.version().isBlank(), "version (expected: the plugin's)");
    return provider.name() + " " + provider.version();
  }

  private static String versions(Workbench bench) {
    Expect.that(
        bench.provider().spiVersions().accepts(SpiVersion.current()),
        "SPI range "
            + bench.provider().spiVersions()
            + " (expected: one that accepts "
            + SpiVersion.current()
            + ")");
    return bench.provider().spiVersions().toString();
  }

  private static String availability(Workbench bench) {
    BackendProvider provider = bench.provider();
    Availability first = provider.availability();
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      Expect.that(
          provider.availability().getClass() == first.getClass(),
          "availability (expected: the same answer each time)");
    }
    double each = (System.nanoTime() - start) / 10e9;
    Expect.that(each < 0.5, "availability took " + each + " s (expected: < 0.5 s)");
    switch (first) {
      case Availability.Available(String detail) ->
          Expect.that(!detail.isBlank(), "detail of availability (expected: not blank)");
      case Availability.Unavailable(String reason, String remedy) ->
          Expect.that(
              !reason.isBlank() && !remedy.isBlank(),
              "reason and remedy of unavailability (expected: not blank)");
    }
    return first.toString();
  }

  private static String opens(Workbench bench) {
    switch (bench.provider().availability()) {
      case Availability.Available available -> {
        Backend backend = bench.provider().open(bench.options());
        backend.close();
        Expect.quiet("second close of a backend", backend::close);
        try (Backend again = bench.provider().open(bench.options())) {
          Expect.that(
              again.name().equals(bench.provider().name()),
              "name of the backend: " + again.name() + " (expected: the provider's)");
        }
      }
      case Availability.Unavailable unavailable ->
          Expect.thrown(
              BackendException.class,
              "open of a backend that is not available",
              () -> bench.provider().open(bench.options()).close());
    }
    return "";
  }

  private static String unknownOption(Workbench bench) {
    bench.backend();
    BackendOptions options = new BackendOptions(0, Map.of("no-such-option", "1"));
    Expect.thrown(
        BackendException.class,
        "open with an unknown option",
        () -> bench.provider().open(options).close());
    return "";
  }

  private static String device(Workbench bench) {
    var device = bench.backend().device();
    Expect.that(!device.name().isBlank(), "name of the device (expected: not blank)");
    Expect.that(!device.kind().isBlank(), "kind of the device (expected: not blank)");
    Expect.that(device.threads() >= 0, "threads of the device (expected: >= 0)");
    bench
        .backend()
        .kernels()
        .forEach(
            kernel ->
                Expect.that(
                    !kernel.operation().isBlank() && !kernel.kernel().isBlank(),
                    "kernel choice " + kernel + " (expected: an operation and a kernel)"));
    return device.name();
  }
}
