/* SPDX-License-Identifier: ISC */
/* mgmt/show_clear.h: `clear ...`: sessions, duplicates, measurements. */
#ifndef EVPND_MGMT_SHOW_CLEAR_H
#define EVPND_MGMT_SHOW_CLEAR_H

#include "mgmt/show.h"

extern const struct show_table show_clear_table;

#endif
