/**
 * What a run or a sweep will cost and whether it fits, worked out before anything starts. Knows no
 * Spark; start reading at {@link org.longmae.jobs.plan.PointPlan}.
 */
package org.longmae.jobs.plan;
