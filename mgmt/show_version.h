/* SPDX-License-Identifier: ISC */
/* mgmt/show_version.h: `show version`.
 *
 * What    The smallest table of show commands; start here to read how one is made.
 */
#ifndef EVPND_MGMT_SHOW_VERSION_H
#define EVPND_MGMT_SHOW_VERSION_H

#include "mgmt/show.h"

extern const struct show_table show_version_table;

#endif
