/* SPDX-License-Identifier: ISC */
/* mgmt/show_metrics.h: `show metrics`: numbers in the text format of Prometheus.
 *
 * What    Gauges of sessions, VNIs, VRFs and routes, and every counter of both processes;
 *         for a collector of text files or a small HTTP server beside evpnd.
 * Slices  One sample after the other; a metric's samples stand together, as the format
 *         wants it.
 */
#ifndef EVPND_MGMT_SHOW_METRICS_H
#define EVPND_MGMT_SHOW_METRICS_H

#include "mgmt/show.h"

extern const struct show_table show_metrics_table;

#endif
