/** The oracle: plain scalar Java with double accumulation. */
module io.tutti.backend.reference {
  requires io.tutti.api;
  requires static org.jspecify;

  provides io.tutti.api.backend.BackendProvider with
      io.tutti.backend.reference.ReferenceBackendProvider;
}
