package io.tutti.backend.reference;

import io.tutti.api.backend.BackendProvider;
import io.tutti.conformance.BackendConformance;

/** Holds the oracle to the whole kit: goldens to 1e-10, every node, the contract. */
class ReferenceConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new ReferenceBackendProvider();
  }
}
