package com.example.plain;

import io.tutti.api.backend.BackendProvider;
import io.tutti.conformance.BackendConformance;

/** Holds the backend to the whole kit. */
class PlainConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new PlainBackendProvider();
  }
}
