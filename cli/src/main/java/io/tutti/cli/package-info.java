/** The {@code tutti} command: one class per subcommand; the only place that prints. */
@NullMarked
package io.tutti.cli;

import org.jspecify.annotations.NullMarked;
