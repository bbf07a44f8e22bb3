/* SPDX-License-Identifier: ISC */
/* mgmt/state_names.h: words of the schema for what EVPN has numbers for.
 *
 * What    Shared by the state (mgmt/state_*.c), the notifications (mgmt/event_say.c) and
 *         `show evpn kernel errors`.
 */
#ifndef EVPND_MGMT_STATE_NAMES_H
#define EVPND_MGMT_STATE_NAMES_H

#include "evpn/evpn_show.h"

/* "local", "remote", "unknown" */
const char *state_place_name(enum evpn_where where);
/* "mac", "next-hop": what is written into the kernel. */
const char *state_kind_name(enum zl_kind kind);
/* What of an object tells it from others of its kind, VNI and VRF. */
#define STATE_KEY_STRLEN 72
char *state_key_format(const struct evpn_show_failure *f, char buf[STATE_KEY_STRLEN]);

#endif
