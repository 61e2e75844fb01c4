/** The contract between graphs, backends and engines. */
module io.tutti.api {
  requires static transitive org.jspecify;

  exports io.tutti.api;
  exports io.tutti.api.backend;
  exports io.tutti.api.graph;
  exports io.tutti.api.model;
  exports io.tutti.api.plugin;
  exports io.tutti.api.weights;

  uses io.tutti.api.backend.BackendProvider;
  uses io.tutti.api.model.ModelFamily;
}
