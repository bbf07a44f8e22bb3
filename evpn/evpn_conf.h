/* SPDX-License-Identifier: ISC */
/* evpn/evpn_conf.h: the compiled EVPN configuration.
 *
 * What    Plain values with defaults filled in; made by mgmt/conf.c, applied by
 *         evpn_apply().  Immutable once applied.
 */
#ifndef EVPND_EVPN_EVPN_CONF_H
#define EVPND_EVPN_EVPN_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

enum evpn_flooding { FLOOD_HER, FLOOD_DISABLED };

/* A route target to import; wildcard `*:N` matches any global administrator. */
struct rt_match {
	bool wildcard;	/* compare the local administrator only */
	struct ecom rt; /* without wildcard */
	uint32_t local; /* with wildcard */
};

struct vni_conf {
	uint32_t vni;
	bool rd_set; /* else router-id:index */
	struct rd rd;
	struct rt_match *imports; /* owned; empty: automatic */
	size_t nimports;
	struct ecom *exports; /* owned; empty: automatic */
	size_t nexports;
	bool advertise_svi_ip; /* resolved with the instance's */
	bool advertise_default_gw;
	enum evpn_flooding flooding; /* resolved with the instance's */
};

struct evpn_conf {
	uint32_t as;		/* of the BGP instance, for automatic route targets */
	bool advertise_all_vni; /* every VNI of the kernel; else only those listed */
	bool advertise_svi_ip;
	bool advertise_default_gw;
	enum evpn_flooding flooding;
	bool autort_rfc8365;	/* automatic RTs with the VXLAN type bits */
	uint32_t dad_max_moves; /* RFC 7432 15.1; 5 */
	uint32_t dad_time;	/* seconds; 180 */
	bool dad_enabled;
	bool dad_freeze;	  /* freeze duplicates, for dad_freeze_time or for good */
	uint32_t dad_freeze_time; /* seconds, 0 permanent */
	struct vni_conf *vnis;	  /* owned, by vni */
	size_t nvnis;
};

#endif
