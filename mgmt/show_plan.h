/* SPDX-License-Identifier: ISC */
/* mgmt/show_plan.h: `show plan`. */
#ifndef EVPND_MGMT_SHOW_PLAN_H
#define EVPND_MGMT_SHOW_PLAN_H

#include "mgmt/show.h"

extern const struct show_table show_plan_table;

#endif
