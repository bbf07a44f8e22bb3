/* SPDX-License-Identifier: ISC */
/* mgmt/show_doctor.h: `show evpn doctor`: what of the machine keeps EVPN from working. */
#ifndef EVPND_MGMT_SHOW_DOCTOR_H
#define EVPND_MGMT_SHOW_DOCTOR_H

#include "mgmt/show.h"

extern const struct show_table show_doctor_table;

#endif
