# SPDX-License-Identifier: ISC
libbgp_a_SOURCES += \
	bgpd/adjout.c \
	bgpd/adjout.h \
	bgpd/adjout_build.c \
	bgpd/adjout_priv.h \
	bgpd/comlist.c \
	bgpd/comlist.h \
	bgpd/decision.c \
	bgpd/nht.c \
	bgpd/nht.h \
	bgpd/policy.c \
	bgpd/policy.h \
	bgpd/rib.c \
	bgpd/rib_change.c \
	bgpd/rib_index.c \
	bgpd/rib_priv.h \
	bgpd/rib_select.c \
	bgpd/rib_sweep.c \
	bgpd/routemap.c \
	bgpd/routemap.h \
	bgpd/routemap_match.c \
	bgpd/routemap_set.c \
	bgpd/routemap_walk.c

if HAVE_CHECK
RIB_TESTS = \
	tests/unit/check_adjout \
	tests/unit/check_comlist \
	tests/unit/check_decision \
	tests/unit/check_nht \
	tests/unit/check_policy \
	tests/unit/check_rib \
	tests/unit/check_routemap
check_PROGRAMS += $(RIB_TESTS)
TESTS += $(RIB_TESTS)
tests_unit_check_adjout_SOURCES = tests/unit/check_adjout.c
tests_unit_check_adjout_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_comlist_SOURCES = tests/unit/check_comlist.c tests/unit/run.h
tests_unit_check_comlist_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_decision_SOURCES = tests/unit/check_decision.c
tests_unit_check_decision_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_nht_SOURCES = tests/unit/check_nht.c
tests_unit_check_nht_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_policy_SOURCES = tests/unit/check_policy.c
tests_unit_check_policy_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_rib_SOURCES = tests/unit/check_rib.c
tests_unit_check_rib_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_routemap_SOURCES = tests/unit/check_routemap.c tests/unit/run.h
tests_unit_check_routemap_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
endif

noinst_PROGRAMS += tests/bench/bench_rib
tests_bench_bench_rib_SOURCES = tests/bench/bench_rib.c
tests_bench_bench_rib_LDADD = libbgp.a $(BASE_LIBS)
