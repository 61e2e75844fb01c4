/**
 * Finding and loading plugins: those on the class or module path, and those in folders with class
 * loaders of their own.
 *
 * <p>The thread's context class loader is never asked. One broken plugin never hides the others: it
 * is listed with the reason why it was refused.
 */
@NullMarked
package io.tutti.api.plugin;

import org.jspecify.annotations.NullMarked;
