# SPDX-License-Identifier: ISC
libbgp_a_SOURCES += \
	bgpd/bgp.h \
	bgpd/bgp_conf.h \
	bgpd/fsm.c \
	bgpd/fsm.h

if HAVE_CHECK
check_PROGRAMS += tests/unit/check_fsm
tests_unit_check_fsm_SOURCES = tests/unit/check_fsm.c
tests_unit_check_fsm_LDADD = libbgp.a $(BASE_LIBS) $(UNIT_LIBS)
TESTS += tests/unit/check_fsm
endif
