/**
 * What several workers' results become: their weighted mean, and the optimisers over rounds that
 * take it further. Pure arithmetic on parts of flat vectors; docs/averaging.md compares them.
 */
package org.longmae.model.averaging;
