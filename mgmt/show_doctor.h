/* SPDX-License-Identifier: ISC */
/* mgmt/show_doctor.h: `show evpn doctor`: what of the machine keeps EVPN from working. */
#ifndef EVPND_MGMT_SHOW_DOCTOR_H
#define EVPND_MGMT_SHOW_DOCTOR_H

#include "mgmt/show.h"

extern const struct show_table show_doctor_table;

/* Of a ZL_FIND_*: a word for it, and whether traffic is lost now. */
const char *show_finding_name(unsigned code);
bool show_finding_is_error(unsigned code);

#endif
