# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libzl.a
libzl_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNL_CFLAGS)
libzl_a_SOURCES = \
	zebra-lite/apply.c \
	zebra-lite/apply.h \
	zebra-lite/apply_l3.c \
	zebra-lite/apply_priv.h \
	zebra-lite/arpnd.c \
	zebra-lite/arrive.c \
	zebra-lite/arpnd.h \
	zebra-lite/bind.c \
	zebra-lite/doctor.c \
	zebra-lite/doctor.h \
	zebra-lite/doctor_checks.c \
	zebra-lite/gateway.c \
	zebra-lite/gateway.h \
	zebra-lite/hops.c \
	zebra-lite/hops.h \
	zebra-lite/host_probe.c \
	zebra-lite/iface.c \
	zebra-lite/iface.h \
	zebra-lite/iface_resolve.c \
	zebra-lite/listen.c \
	zebra-lite/listen.h \
	zebra-lite/nexthop.c \
	zebra-lite/nexthop.h \
	zebra-lite/nl.c \
	zebra-lite/nl.h \
	zebra-lite/nl_bpf.h \
	zebra-lite/nl_dev.c \
	zebra-lite/nl_dev.h \
	zebra-lite/nl_dump.c \
	zebra-lite/nl_fdb.c \
	zebra-lite/nl_fdb.h \
	zebra-lite/nl_fib.c \
	zebra-lite/nl_fib.h \
	zebra-lite/nl_link.c \
	zebra-lite/nl_link.h \
	zebra-lite/nl_mon.c \
	zebra-lite/nl_neigh.c \
	zebra-lite/outq.c \
	zebra-lite/outq.h \
	zebra-lite/sysctl.c \
	zebra-lite/sysctl.h \
	zebra-lite/nl_neigh.h \
	zebra-lite/nl_nexthop.c \
	zebra-lite/nl_nexthop.h \
	zebra-lite/nl_priv.h \
	zebra-lite/nl_route.c \
	zebra-lite/nl_route.h \
	zebra-lite/observe.c \
	zebra-lite/observe.h \
	zebra-lite/prov.c \
	zebra-lite/prov.h \
	zebra-lite/prov_apply.c \
	zebra-lite/prov_check.c \
	zebra-lite/prov_diff.c \
	zebra-lite/prov_diff.h \
	zebra-lite/prov_diff_priv.h \
	zebra-lite/prov_text.c \
	zebra-lite/prov_want.c \
	zebra-lite/prov_want.h \
	zebra-lite/reconcile.c \
	zebra-lite/reconcile.h \
	zebra-lite/routes.c \
	zebra-lite/routes.h \
	zebra-lite/snoop.c \
	zebra-lite/snoop.h \
	zebra-lite/snoop_priv.h \
	zebra-lite/snoop_say.c \
	zebra-lite/supervise.c \
	zebra-lite/supervise.h \
	zebra-lite/vtep_nh.c \
	zebra-lite/vtep_nh.h \
	zebra-lite/vrf.c \
	zebra-lite/vrf.h \
	zebra-lite/watch.c \
	zebra-lite/watch_l3.c \
	zebra-lite/zl.c \
	zebra-lite/zl.h \
	zebra-lite/zl_dev.c \
	zebra-lite/zl_proto.c \
	zebra-lite/zl_proto.h \
	zebra-lite/zl_frame.c \
	zebra-lite/zl_proto_prov.c \
	zebra-lite/zl_proto_prov.h \
	zebra-lite/zl_proto_wire.h \
	zebra-lite/zl_count.c \
	zebra-lite/zl_say.c
ZL_LIBS = libzl.a libbase.a $(LIBNL_LIBS) $(EV_LIBS) $(SECCOMP_LIBS) $(CAPNG_LIBS)

sbin_PROGRAMS += evpnd
evpnd_SOURCES = zebra-lite/main.c
evpnd_LDADD = $(ZL_LIBS)

# The service and its user, where there is systemd.  Only make knows the whole of these paths.
EXTRA_DIST += zebra-lite/evpnd.service.in zebra-lite/sysusers.d/evpnd.conf
if HAVE_SYSTEMD
systemdsystemunit_DATA = zebra-lite/evpnd.service
sysusers_DATA = zebra-lite/sysusers.d/evpnd.conf
CLEANFILES += zebra-lite/evpnd.service
endif
zebra-lite/evpnd.service: zebra-lite/evpnd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) zebra-lite && \
	sed -e 's|[@]sbindir[@]|$(sbindir)|g' -e 's|[@]sysconfdir[@]|$(sysconfdir)|g' \
		$(srcdir)/zebra-lite/evpnd.service.in >$@.new && mv $@.new $@

# The bare netlink program that the leaf benchmark is measured against.
noinst_PROGRAMS += tests/bench/bench_netlink
tests_bench_bench_netlink_SOURCES = tests/bench/bench_netlink.c

# The engine's stand-in of tests/fabric/t_zl_*.sh.
noinst_PROGRAMS += tests/fabric/zl_probe
tests_fabric_zl_probe_SOURCES = tests/fabric/zl_probe.c
tests_fabric_zl_probe_LDADD = $(ZL_LIBS)
EXTRA_DIST += \
	tests/fabric/t_zl_devices.sh \
	tests/fabric/t_zl_gateway.sh \
	tests/fabric/t_zl_heard.sh \
	tests/fabric/t_zl_ids.sh \
	tests/fabric/t_zl_json.sh \
	tests/fabric/t_zl_nht.sh \
	tests/fabric/t_zl_race.sh \
	tests/fabric/t_zl_supervise.sh \
	tests/fabric/t_zl_sweep.sh \
	tests/fabric/t_zl_writes.sh \
	tests/fabric/zl.sh \
	tests/fabric/zl_json.sh \
	tests/lab/t_zl_aware.sh \
	tests/lab/t_zl_gateway.sh \
	tests/lab/t_zl_ids.sh \
	tests/lab/t_zl_json.sh \
	tests/lab/t_zl_l3.sh \
	tests/lab/t_zl_l3_svd.sh \
	tests/lab/t_zl_svd.sh \
	tests/lab/t_zl_vnifilter.sh \
	tests/lab/zl_svd.sh \
	tests/lab/zl_vlan.sh

# A few vectors of zl_proto are written by hand; those of nlmsg were recorded.
ZL_REPLAYS = tests/fuzz/replay_arpnd tests/fuzz/replay_nlmsg tests/fuzz/replay_zl
check_PROGRAMS += $(ZL_REPLAYS)
TESTS += $(ZL_REPLAYS)
FUZZ_TARGETS += $(ZL_REPLAYS)
tests_fuzz_replay_arpnd_SOURCES = tests/fuzz/fuzz_arpnd.c $(FUZZ_REPLAY)
tests_fuzz_replay_arpnd_LDADD = $(ZL_LIBS)
tests_fuzz_replay_nlmsg_SOURCES = tests/fuzz/fuzz_nlmsg.c $(FUZZ_REPLAY)
tests_fuzz_replay_nlmsg_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNL_CFLAGS)
tests_fuzz_replay_nlmsg_LDADD = $(ZL_LIBS)
tests_fuzz_replay_zl_SOURCES = tests/fuzz/fuzz_zl.c $(FUZZ_REPLAY)
tests_fuzz_replay_zl_LDADD = $(ZL_LIBS)
if ENABLE_FUZZ
ZL_FUZZ = tests/fuzz/fuzz_arpnd tests/fuzz/fuzz_nlmsg tests/fuzz/fuzz_zl
noinst_PROGRAMS += $(ZL_FUZZ)
FUZZ_TARGETS += $(ZL_FUZZ)
tests_fuzz_fuzz_arpnd_SOURCES = tests/fuzz/fuzz_arpnd.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_arpnd_LDADD = $(ZL_LIBS)
tests_fuzz_fuzz_arpnd_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_nlmsg_SOURCES = tests/fuzz/fuzz_nlmsg.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_nlmsg_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNL_CFLAGS)
tests_fuzz_fuzz_nlmsg_LDADD = $(ZL_LIBS)
tests_fuzz_fuzz_nlmsg_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_zl_SOURCES = tests/fuzz/fuzz_zl.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_zl_LDADD = $(ZL_LIBS)
tests_fuzz_fuzz_zl_LDFLAGS = $(FUZZ_LINK)
endif
EXTRA_DIST += \
	tests/vectors/arpnd/frames.txt \
	tests/vectors/nlmsg/plain.txt \
	tests/vectors/nlmsg/single.txt \
	tests/vectors/nlmsg/vlan.txt \
	tests/vectors/nlmsg/vrf.txt \
	tests/vectors/zl/records.txt

if HAVE_CHECK
ZL_TESTS = \
	tests/unit/check_arpnd \
	tests/unit/check_hops \
	tests/unit/check_outq \
	tests/unit/check_iface \
	tests/unit/check_observe \
	tests/unit/check_prov \
	tests/unit/check_routes \
	tests/unit/check_zl_proto
check_PROGRAMS += $(ZL_TESTS)
TESTS += $(ZL_TESTS)
tests_unit_check_arpnd_SOURCES = tests/unit/check_arpnd.c tests/unit/run.h
tests_unit_check_arpnd_LDADD = $(ZL_LIBS) $(UNIT_LIBS)
tests_unit_check_iface_SOURCES = tests/unit/check_iface.c tests/unit/run.h tests/fuzz/vector.c tests/fuzz/vector.h
tests_unit_check_iface_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNL_CFLAGS)
tests_unit_check_iface_LDADD = $(ZL_LIBS) $(UNIT_LIBS)
tests_unit_check_outq_SOURCES = tests/unit/check_outq.c tests/unit/run.h
tests_unit_check_outq_LDADD = $(ZL_LIBS) $(UNIT_LIBS)
tests_unit_check_hops_SOURCES = tests/unit/check_hops.c tests/unit/run.h
tests_unit_check_hops_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNL_CFLAGS)
tests_unit_check_hops_LDADD = $(ZL_LIBS) $(UNIT_LIBS)
tests_unit_check_routes_SOURCES = tests/unit/check_routes.c tests/unit/run.h tests/fuzz/vector.c tests/fuzz/vector.h
tests_unit_check_routes_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNL_CFLAGS)
tests_unit_check_routes_LDADD = $(ZL_LIBS) $(UNIT_LIBS)
tests_unit_check_prov_SOURCES = tests/unit/check_prov.c tests/unit/run.h
tests_unit_check_prov_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNL_CFLAGS)
tests_unit_check_prov_LDADD = $(ZL_LIBS) $(UNIT_LIBS)
tests_unit_check_observe_SOURCES = tests/unit/check_observe.c tests/unit/run.h
tests_unit_check_observe_LDADD = $(ZL_LIBS) $(UNIT_LIBS)
tests_unit_check_zl_proto_SOURCES = tests/unit/check_zl_proto.c tests/unit/run.h
tests_unit_check_zl_proto_LDADD = $(ZL_LIBS) $(UNIT_LIBS)
endif
