/* SPDX-License-Identifier: ISC */
/* mgmt/show_yang.h: `show yang [PATH]`: configuration and state as RFC 7951 JSON.
 *
 * What    A path below /evpnd:state is answered by mgmt/state.h, every other one from
 *         the running configuration.
 */
#ifndef EVPND_MGMT_SHOW_YANG_H
#define EVPND_MGMT_SHOW_YANG_H

#include "mgmt/show.h"

extern const struct show_table show_yang_table;

#endif
