# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libevpn.a
libevpn_a_SOURCES = \
	evpn/core.h \
	evpn/dup.c \
	evpn/dup.h \
	evpn/evi.c \
	evpn/evi.h \
	evpn/evi_job.c \
	evpn/evpn.c \
	evpn/evpn.h \
	evpn/evpn_conf.h \
	evpn/evpn_show.c \
	evpn/evpn_show.h \
	evpn/evpn_show_l3.c \
	evpn/evpn_show_l3.h \
	evpn/export.c \
	evpn/export.h \
	evpn/fib.c \
	evpn/fib.h \
	evpn/fib_fail.c \
	evpn/findings.c \
	evpn/findings_vrf.c \
	evpn/findings.h \
	evpn/hop.c \
	evpn/hop.h \
	evpn/import.c \
	evpn/import.h \
	evpn/ktable.c \
	evpn/ktable.h \
	evpn/l3.c \
	evpn/l3.h \
	evpn/l3_export.c \
	evpn/l3_leak.c \
	evpn/l3_policy.c \
	evpn/l3_way.c \
	evpn/mac.c \
	evpn/mac.h \
	evpn/mac_cand.c \
	evpn/mac_priv.h \
	evpn/mac_step.c \
	evpn/mobility.c \
	evpn/mobility.h \
	evpn/neigh.c \
	evpn/neigh.h \
	evpn/neigh_cand.c \
	evpn/neigh_priv.h \
	evpn/neigh_step.c \
	evpn/news.c \
	evpn/news.h \
	evpn/obj.c \
	evpn/obj.h \
	evpn/probe.c \
	evpn/probe.h \
	evpn/prober.c \
	evpn/prober.h \
	evpn/router.c \
	evpn/router.h \
	evpn/rtindex.c \
	evpn/rtindex.h \
	evpn/show_priv.h \
	evpn/vrf.c \
	evpn/vrf.h \
	evpn/vrf_job.c \
	evpn/vrf_priv.h \
	evpn/vrf_table.c \
	evpn/vtep.c \
	evpn/vtep.h

# Unit tests: what they share, then one program each.
EVPN_FIX = \
	tests/sim/kernel.c \
	tests/sim/kernel.h \
	tests/sim/kernel_l3.c \
	tests/sim/kernel_priv.h \
	tests/sim/kernel_zl.c \
	tests/unit/evpn_fix.c \
	tests/unit/evpn_fix.h
EVPN_LIBS = libevpn.a libbgp.a libzl.a $(BASE_LIBS) $(UNIT_LIBS)
if HAVE_CHECK
EVPN_CHECKS = \
	tests/unit/check_evi \
	tests/unit/check_export \
	tests/unit/check_fib \
	tests/unit/check_findings \
	tests/unit/check_import \
	tests/unit/check_l3 \
	tests/unit/check_l3_policy \
	tests/unit/check_mac \
	tests/unit/check_mobility \
	tests/unit/check_neigh \
	tests/unit/check_prober \
	tests/unit/check_rtindex
check_PROGRAMS += $(EVPN_CHECKS)
TESTS += $(EVPN_CHECKS)
tests_unit_check_evi_SOURCES = tests/unit/check_evi.c $(EVPN_FIX)
tests_unit_check_evi_LDADD = $(EVPN_LIBS)
tests_unit_check_mac_SOURCES = tests/unit/check_mac.c $(EVPN_FIX)
tests_unit_check_mac_LDADD = $(EVPN_LIBS)
tests_unit_check_neigh_SOURCES = tests/unit/check_neigh.c $(EVPN_FIX)
tests_unit_check_neigh_LDADD = $(EVPN_LIBS)
tests_unit_check_prober_SOURCES = tests/unit/check_prober.c $(EVPN_FIX)
tests_unit_check_prober_LDADD = $(EVPN_LIBS)
tests_unit_check_export_SOURCES = tests/unit/check_export.c $(EVPN_FIX)
tests_unit_check_export_LDADD = $(EVPN_LIBS)
tests_unit_check_fib_SOURCES = tests/unit/check_fib.c $(EVPN_FIX)
tests_unit_check_fib_LDADD = $(EVPN_LIBS)
tests_unit_check_rtindex_SOURCES = tests/unit/check_rtindex.c
tests_unit_check_rtindex_LDADD = $(EVPN_LIBS)
tests_unit_check_findings_SOURCES = tests/unit/check_findings.c tests/unit/run.h
tests_unit_check_findings_LDADD = $(EVPN_LIBS)
tests_unit_check_l3_SOURCES = tests/unit/check_l3.c $(EVPN_FIX)
tests_unit_check_l3_LDADD = $(EVPN_LIBS)
tests_unit_check_l3_policy_SOURCES = tests/unit/check_l3_policy.c $(EVPN_FIX)
tests_unit_check_l3_policy_LDADD = $(EVPN_LIBS)
tests_unit_check_import_SOURCES = tests/unit/check_import.c $(EVPN_FIX)
tests_unit_check_import_LDADD = $(EVPN_LIBS)
tests_unit_check_mobility_SOURCES = tests/unit/check_mobility.c
tests_unit_check_mobility_LDADD = $(EVPN_LIBS)
endif
include tests/sim/local.mk
