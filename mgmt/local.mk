# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libmgmt.a
libmgmt_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBYANG_CFLAGS) $(JANSSON_CFLAGS)
libmgmt_a_SOURCES = \
	mgmt/addrs.c mgmt/addrs.h \
	mgmt/cli.c mgmt/cli.h \
	mgmt/cli_apply.c mgmt/cli_apply.h \
	mgmt/cli_grammar.c mgmt/cli_grammar.h \
	mgmt/cli_keep.c mgmt/cli_keep.h \
	mgmt/cli_load.c \
	mgmt/cli_normalise.c \
	mgmt/cli_nodes.c \
	mgmt/cli_pattern.c mgmt/cli_pattern.h mgmt/cli_peer_rows.h \
	mgmt/cli_render.c \
	mgmt/cli_stmt.c mgmt/cli_stmt.h \
	mgmt/cli_table.h \
	mgmt/cli_table_bgp.c \
	mgmt/cli_table_evpn.c \
	mgmt/cli_table_ignored.c \
	mgmt/cli_table_neighbor.c \
	mgmt/cli_table_policy.c \
	mgmt/cli_table_system.c \
	mgmt/cli_table_tenant.c \
	mgmt/cli_table_unicast.c \
	mgmt/cli_table_vrf.c \
	mgmt/cli_text.h \
	mgmt/cli_types.c mgmt/cli_types.h \
	mgmt/cli_words.c \
	mgmt/commit.c mgmt/commit.h mgmt/commit_priv.h \
	mgmt/commit_confirm.c \
	mgmt/commit_journal.c \
	mgmt/commit_line.c \
	mgmt/commit_disk.c \
	mgmt/commit_text.c \
	mgmt/conf.c mgmt/conf.h mgmt/conf_priv.h \
	mgmt/conf_evpn.c \
	mgmt/conf_expand.c \
	mgmt/conf_part.c \
	mgmt/conf_peer.c \
	mgmt/conf_policy.c \
	mgmt/conf_routemap.c \
	mgmt/conf_tenant.c \
	mgmt/conf_tenant_check.c \
	mgmt/conf_unicast.c \
	mgmt/conf_vrf.c \
	mgmt/control.c mgmt/control.h \
	mgmt/control_sys.c mgmt/control_sys.h \
	mgmt/datastore.c mgmt/datastore.h \
	mgmt/draft.c mgmt/draft.h \
	mgmt/engine.h \
	mgmt/nb.c mgmt/nb.h mgmt/nb_priv.h \
	mgmt/nb_edit.c mgmt/nb_edit.h \
	mgmt/nb_merge.c \
	mgmt/nb_part.c \
	mgmt/part.c mgmt/part.h \
	mgmt/nb_whole.c \
	mgmt/out.c mgmt/out.h \
	mgmt/plan.h \
	mgmt/prov_conf.h \
	mgmt/rpc.c mgmt/rpc.h mgmt/rpc_priv.h \
	mgmt/rpc_commit.c \
	mgmt/rpc_store.c \
	mgmt/session.c mgmt/session.h \
	mgmt/session_help.c \
	mgmt/show.c mgmt/show.h \
	mgmt/show_text.c mgmt/show_text.h \
	mgmt/store.c mgmt/store.h \
	mgmt/text_diff.c mgmt/text_diff.h

MGMT_LIBS = libmgmt.a libctl.a libbgp.a $(LIBYANG_LIBS) $(JANSSON_LIBS)
# With what the state and the actions of the control protocol ask.
CONTROL_LIBS = $(MGMT_LIBS) libevpn.a libunderlay.a libbgp.a libzl.a $(BASE_LIBS)

# What client and engine share.
noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = \
	mgmt/ctl_client.c mgmt/ctl_client.h \
	mgmt/ctl_proto.c mgmt/ctl_proto.h \
	mgmt/ctl_rpc.c mgmt/ctl_rpc.h

pkglibexec_PROGRAMS += evpnd-engine
evpnd_engine_SOURCES = \
	mgmt/app_prov.c \
	mgmt/app.h \
	mgmt/app_conf.c \
	mgmt/app_dp.c \
	mgmt/main.c \
	mgmt/options.c mgmt/options.h
evpnd_engine_LDADD = $(MGMT_LIBS) libevpn.a libunderlay.a libbgp.a libzl.a $(BASE_LIBS)

# The list of all commands, from the tables.
noinst_PROGRAMS += mgmt/commands
mgmt_commands_SOURCES = mgmt/commands.c
mgmt_commands_LDADD = $(MGMT_LIBS) libevpn.a libunderlay.a libbgp.a libzl.a $(BASE_LIBS)
doc_DATA = doc/commands.md
doc/commands.md: mgmt/commands$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && mgmt/commands$(EXEEXT) >$@.tmp && mv $@.tmp $@
CLEANFILES += doc/commands.md

if HAVE_CHECK
MGMT_TESTS = \
	tests/unit/check_cli \
	tests/unit/check_cli_lines \
	tests/unit/check_commit \
	tests/unit/check_conf \
	tests/unit/check_control \
	tests/unit/check_edits \
	tests/unit/check_grammar \
	tests/unit/check_guide \
	tests/unit/check_history \
	tests/unit/check_nb \
	tests/unit/check_nb_edit \
	tests/unit/check_out \
	tests/unit/check_tenant
check_PROGRAMS += $(MGMT_TESTS)
TESTS += $(MGMT_TESTS)
CLI_FIX = tests/unit/cli_fix.c tests/unit/cli_fix.h tests/unit/run.h
tests_unit_check_cli_SOURCES = tests/unit/check_cli.c $(CLI_FIX)
tests_unit_check_cli_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_cli_lines_SOURCES = tests/unit/check_cli_lines.c $(CLI_FIX)
tests_unit_check_cli_lines_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
COMMIT_FIX = tests/unit/commit_fix.c tests/unit/commit_fix.h $(CLI_FIX)
tests_unit_check_commit_SOURCES = tests/unit/check_commit.c $(COMMIT_FIX)
tests_unit_check_commit_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_edits_SOURCES = tests/unit/check_edits.c tests/unit/conf_dump.c \
	tests/unit/conf_dump.h $(COMMIT_FIX)
tests_unit_check_edits_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_guide_SOURCES = tests/unit/check_guide.c $(COMMIT_FIX)
tests_unit_check_guide_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_history_SOURCES = tests/unit/check_history.c $(COMMIT_FIX)
tests_unit_check_history_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
# Each of these calls may be the last of the process.
tests_unit_check_history_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=rename,--wrap=fsync \
	-Wl,--wrap=write,--wrap=unlink,--wrap=mkdir
tests_unit_check_conf_SOURCES = tests/unit/check_conf.c $(CLI_FIX)
tests_unit_check_conf_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_control_SOURCES = tests/unit/check_control.c $(CLI_FIX)
tests_unit_check_control_LDADD = $(CONTROL_LIBS) $(UNIT_LIBS)
tests_unit_check_grammar_SOURCES = tests/unit/check_grammar.c tests/unit/run.h
tests_unit_check_grammar_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_nb_SOURCES = tests/unit/check_nb.c tests/unit/run.h
tests_unit_check_nb_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_nb_edit_SOURCES = tests/unit/check_nb_edit.c tests/unit/run.h
tests_unit_check_nb_edit_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_out_SOURCES = tests/unit/check_out.c tests/unit/run.h
tests_unit_check_out_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_check_out_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_tenant_SOURCES = tests/unit/check_tenant.c $(CLI_FIX)
tests_unit_check_tenant_LDADD = $(MGMT_LIBS) $(BASE_LIBS) $(UNIT_LIBS)
endif

# Fuzz targets; see tests/fuzz/fuzz.h.
MGMT_REPLAYS = tests/fuzz/replay_conf tests/fuzz/replay_control tests/fuzz/replay_edit
check_PROGRAMS += $(MGMT_REPLAYS)
TESTS += $(MGMT_REPLAYS)
FUZZ_TARGETS += $(MGMT_REPLAYS)
tests_fuzz_replay_conf_SOURCES = tests/fuzz/fuzz_conf.c $(FUZZ_REPLAY)
tests_fuzz_replay_conf_LDADD = $(MGMT_LIBS) $(BASE_LIBS)
tests_fuzz_replay_edit_SOURCES = tests/fuzz/fuzz_edit.c $(FUZZ_REPLAY)
tests_fuzz_replay_edit_LDADD = $(MGMT_LIBS) $(BASE_LIBS)
tests_fuzz_replay_control_SOURCES = tests/fuzz/fuzz_control.c $(FUZZ_REPLAY)
tests_fuzz_replay_control_LDADD = $(CONTROL_LIBS)
if ENABLE_FUZZ
MGMT_FUZZ = tests/fuzz/fuzz_conf tests/fuzz/fuzz_control tests/fuzz/fuzz_edit
noinst_PROGRAMS += $(MGMT_FUZZ)
FUZZ_TARGETS += $(MGMT_FUZZ)
tests_fuzz_fuzz_conf_SOURCES = tests/fuzz/fuzz_conf.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_conf_LDADD = $(MGMT_LIBS) $(BASE_LIBS)
tests_fuzz_fuzz_conf_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_edit_SOURCES = tests/fuzz/fuzz_edit.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_edit_LDADD = $(MGMT_LIBS) $(BASE_LIBS)
tests_fuzz_fuzz_edit_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_control_SOURCES = tests/fuzz/fuzz_control.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_control_LDADD = $(CONTROL_LIBS)
tests_fuzz_fuzz_control_LDFLAGS = $(FUZZ_LINK)
endif

EXTRA_DIST += \
	tests/conf/fabric.conf \
	tests/conf/leaf.conf \
	tests/conf/policy.conf \
	tests/conf/reflector.conf \
	tests/conf/tenant.conf \
	tests/conf/terse.conf \
	tests/conf/underlay.conf \
	tests/vectors/conf/conf.txt \
	tests/vectors/control/control.txt \
	tests/vectors/edit/edit.txt

# The commands of exec mode; each file is named in mgmt/show_tables.c too.
libmgmt_a_SOURCES += \
	mgmt/show_commit.c mgmt/show_commit.h \
	mgmt/show_config.c mgmt/show_config.h \
	mgmt/show_history.c \
	mgmt/show_tables.c \
	mgmt/show_tree.c mgmt/show_tree.h \
	mgmt/show_unicast.c mgmt/show_unicast.h \
	mgmt/show_version.c mgmt/show_version.h
libmgmt_a_SOURCES += \
	mgmt/show_bgp_neighbor.h \
	mgmt/show_bgp_neighbor_json.c \
	mgmt/show_bgp_neighbor_text.c \
	mgmt/show_bgp_neighbors.c mgmt/show_bgp_neighbors.h \
	mgmt/show_bgp_summary.c mgmt/show_bgp_summary.h \
	mgmt/show_bgp_evpn.c mgmt/show_bgp_evpn.h \
	mgmt/show_route.c mgmt/show_route.h mgmt/show_route_path.h \
	mgmt/show_route_view.c mgmt/show_route_view.h \
	mgmt/show_route_detail.c \
	mgmt/rib_walk.c mgmt/rib_walk.h \
	mgmt/show_util.c mgmt/show_util.h
libmgmt_a_SOURCES += \
	mgmt/show_evpn.c mgmt/show_evpn.h \
	mgmt/show_evpn_arp.c mgmt/show_evpn_arp.h \
	mgmt/show_evpn_dump.c mgmt/show_evpn_dump.h \
	mgmt/history.c mgmt/history.h \
	mgmt/live.c mgmt/live.h mgmt/live_priv.h \
	mgmt/live_state.c \
	mgmt/show_evpn_mac.c mgmt/show_evpn_mac.h \
	mgmt/show_evpn_vni.c mgmt/show_evpn_vni.h \
	mgmt/show_sort.c mgmt/show_sort.h \
	mgmt/show_bgp_nexthop.c mgmt/show_bgp_nexthop.h \
	mgmt/show_bgp_route_vni.c mgmt/show_bgp_route_vni.h \
	mgmt/show_bgp_stats.c mgmt/show_bgp_stats.h \
	mgmt/show_bgp_vni.c mgmt/show_bgp_vni.h \
	mgmt/show_clear.c mgmt/show_clear.h \
	mgmt/show_doctor.c mgmt/show_doctor.h \
	mgmt/show_plan.c mgmt/show_plan.h \
	mgmt/show_system.c mgmt/show_system.h \
	mgmt/show_trace.c mgmt/show_trace.h \
	mgmt/show_trace_l3.c
libmgmt_a_SOURCES += \
	mgmt/show_bgp_rt.c mgmt/show_bgp_rt.h \
	mgmt/show_bgp_vrf.c mgmt/show_bgp_vrf.h \
	mgmt/show_evpn_rmac.c mgmt/show_evpn_rmac.h \
	mgmt/show_evpn_vlan.c mgmt/show_evpn_vlan.h \
	mgmt/show_ip_route.c mgmt/show_ip_route.h \
	mgmt/show_l3vni.c mgmt/show_l3vni.h \
	mgmt/show_prefix_dump.c mgmt/show_prefix_dump.h \
	mgmt/show_vrf.c mgmt/show_vrf.h
# The state in YANG, and operations.
libmgmt_a_SOURCES += \
	mgmt/action.c mgmt/action.h \
	mgmt/dp_counters.c mgmt/dp_counters.h \
	mgmt/event.c mgmt/event.h \
	mgmt/event_say.c mgmt/event_say.h \
	mgmt/nb_state.c \
	mgmt/show_events.c mgmt/show_events.h \
	mgmt/show_metrics.c mgmt/show_metrics.h \
	mgmt/show_yang.c mgmt/show_yang.h \
	mgmt/state.c mgmt/state.h mgmt/state_priv.h \
	mgmt/state_commits.c \
	mgmt/state_hosts.c \
	mgmt/state_kernel.c \
	mgmt/state_leaf.c mgmt/state_node.h \
	mgmt/state_names.c mgmt/state_names.h \
	mgmt/state_nodes.c mgmt/state_nodes.h \
	mgmt/state_path.c \
	mgmt/state_routes.c \
	mgmt/state_sessions.c \
	mgmt/state_system.c \
	mgmt/state_vnis.c \
	mgmt/state_vrfs.c
if HAVE_CHECK
SHOW_L3_FAKE = tests/unit/show_l3_fake.c tests/unit/show_l3_fake.h
SHOW_FAB = \
	$(SHOW_L3_FAKE) \
	tests/unit/show_fab.c tests/unit/show_fab.h \
	tests/unit/bgp_world.c tests/unit/bgp_world.h \
	tests/sim/kernel.c tests/sim/kernel.h tests/sim/kernel_l3.c \
	tests/sim/kernel_priv.h tests/sim/kernel_zl.c \
	tests/unit/run.h
SHOW_LIBS = $(MGMT_LIBS) libevpn.a libunderlay.a libbgp.a libzl.a $(BASE_LIBS) $(UNIT_LIBS)
check_PROGRAMS += tests/unit/check_show
TESTS += tests/unit/check_show
tests_unit_check_show_SOURCES = tests/unit/check_show.c $(SHOW_FAB)
tests_unit_check_show_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_check_show_LDADD = $(SHOW_LIBS)
check_PROGRAMS += tests/unit/check_live
TESTS += tests/unit/check_live
tests_unit_check_live_SOURCES = tests/unit/check_live.c $(SHOW_FAB)
tests_unit_check_live_LDADD = $(SHOW_LIBS)
check_PROGRAMS += tests/unit/check_doc
TESTS += tests/unit/check_doc
tests_unit_check_doc_SOURCES = \
	tests/unit/check_doc.c tests/unit/run.h $(SHOW_L3_FAKE)
tests_unit_check_doc_LDADD = $(SHOW_LIBS)
check_PROGRAMS += tests/unit/check_show_dump
TESTS += tests/unit/check_show_dump
tests_unit_check_show_dump_SOURCES = tests/unit/check_show_dump.c $(SHOW_FAB)
tests_unit_check_show_dump_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_check_show_dump_LDADD = $(SHOW_LIBS)
endif
if HAVE_CHECK
check_PROGRAMS += tests/unit/check_action tests/unit/check_state
TESTS += tests/unit/check_action tests/unit/check_state
tests_unit_check_action_SOURCES = tests/unit/check_action.c $(COMMIT_FIX) $(SHOW_L3_FAKE)
tests_unit_check_action_LDADD = $(SHOW_LIBS)
tests_unit_check_state_SOURCES = tests/unit/check_state.c $(SHOW_FAB)
tests_unit_check_state_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_check_state_LDADD = $(SHOW_LIBS)
endif
EXTRA_DIST += tests/vectors/show/text.txt tests/vectors/show/json.shape
