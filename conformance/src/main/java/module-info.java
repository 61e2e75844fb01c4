/** The conformance kit for authors of backends. */
module io.tutti.conformance {
  requires transitive io.tutti.api;
  requires io.tutti.model;
  requires com.fasterxml.jackson.core;
  requires static transitive org.junit.jupiter.api; // only for BackendConformance
  requires static org.opentest4j;
  requires static org.jspecify;

  exports io.tutti.conformance;
  exports io.tutti.conformance.mutant;
}
