# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libmgmt.a
libmgmt_a_SOURCES = \
	mgmt/cli_grammar.h \
	mgmt/conf.h \
	mgmt/engine.h \
	mgmt/out.c mgmt/out.h \
	mgmt/show.c mgmt/show.h

# The commands of exec mode; each file is named in mgmt/show_tables.c too.
libmgmt_a_SOURCES += \
	mgmt/show_tables.c \
	mgmt/show_version.c mgmt/show_version.h
libmgmt_a_SOURCES += \
	mgmt/show_bgp_neighbors.c mgmt/show_bgp_neighbors.h \
	mgmt/show_bgp_summary.c mgmt/show_bgp_summary.h \
	mgmt/show_bgp_evpn.c mgmt/show_bgp_evpn.h \
	mgmt/show_route.c mgmt/show_route.h mgmt/show_route_path.h \
	mgmt/show_route_detail.c \
	mgmt/rib_walk.c mgmt/rib_walk.h \
	mgmt/show_util.c mgmt/show_util.h
