/** What all checkpoint formats share: mapping files, bounded JSON, the store of weights. */
@NullMarked
package io.tutti.model.ingest;

import org.jspecify.annotations.NullMarked;
