/* SPDX-License-Identifier: ISC */
/* The list of all tables of exec commands: one line a file. */
#include "config.h"

#include "mgmt/show.h"

#include "mgmt/show_bgp_evpn.h"
#include "mgmt/show_bgp_neighbors.h"
#include "mgmt/show_bgp_nexthop.h"
#include "mgmt/show_bgp_route_vni.h"
#include "mgmt/show_bgp_rt.h"
#include "mgmt/show_bgp_stats.h"
#include "mgmt/show_bgp_summary.h"
#include "mgmt/show_bgp_vni.h"
#include "mgmt/show_bgp_vrf.h"
#include "mgmt/show_clear.h"
#include "mgmt/show_commit.h"
#include "mgmt/show_config.h"
#include "mgmt/show_doctor.h"
#include "mgmt/show_events.h"
#include "mgmt/show_evpn.h"
#include "mgmt/show_evpn_arp.h"
#include "mgmt/show_evpn_mac.h"
#include "mgmt/show_evpn_rmac.h"
#include "mgmt/show_evpn_vlan.h"
#include "mgmt/show_evpn_vni.h"
#include "mgmt/show_ip_route.h"
#include "mgmt/show_l3vni.h"
#include "mgmt/show_metrics.h"
#include "mgmt/show_plan.h"
#include "mgmt/show_system.h"
#include "mgmt/show_trace.h"
#include "mgmt/show_unicast.h"
#include "mgmt/show_version.h"
#include "mgmt/show_vrf.h"
#include "mgmt/show_yang.h"

const struct show_table *const show_tables[] = {
	&show_bgp_evpn_table,
	&show_bgp_neighbors_table,
	&show_bgp_nexthop_table,
	&show_bgp_route_vni_table,
	&show_bgp_rt_table,
	&show_bgp_stats_table,
	&show_bgp_summary_table,
	&show_bgp_vni_table,
	&show_bgp_vrf_table,
	&show_clear_table,
	&show_mode_table,
	&show_verb_table,
	&show_confirm_table,
	&show_history_table,
	&show_config_table,
	&show_doctor_table,
	&show_events_table,
	&show_evpn_arp_table,
	&show_evpn_mac_table,
	&show_evpn_rmac_table,
	&show_evpn_table,
	&show_evpn_vlan_table,
	&show_evpn_vni_table,
	&show_ip_route_table,
	&show_l3vni_table,
	&show_metrics_table,
	&show_plan_table,
	&show_system_table,
	&show_trace_table,
	&show_trace_l3_table,
	&show_unicast_table,
	&show_version_table,
	&show_vrf_table,
	&show_yang_table,
	NULL,
};
