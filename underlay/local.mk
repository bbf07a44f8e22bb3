# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libunderlay.a
libunderlay_a_SOURCES = \
	underlay/core.h \
	underlay/send.c \
	underlay/source.c \
	underlay/underlay.c \
	underlay/underlay.h \
	underlay/underlay_conf.h \
	underlay/way.c

if HAVE_CHECK
check_PROGRAMS += tests/unit/check_underlay
TESTS += tests/unit/check_underlay
tests_unit_check_underlay_SOURCES = tests/unit/check_underlay.c tests/unit/run.h
tests_unit_check_underlay_LDADD = libunderlay.a libbgp.a libzl.a $(BASE_LIBS) $(UNIT_LIBS)
endif
