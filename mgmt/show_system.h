/* SPDX-License-Identifier: ISC */
/* mgmt/show_system.h: `show counters`, `show memory`, `show loop`: the program itself. */
#ifndef EVPND_MGMT_SHOW_SYSTEM_H
#define EVPND_MGMT_SHOW_SYSTEM_H

#include "mgmt/show.h"

extern const struct show_table show_system_table;

#endif
