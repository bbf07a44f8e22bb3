# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libzl.a
libzl_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNL_CFLAGS)
libzl_a_SOURCES = \
	zebra-lite/nl.c \
	zebra-lite/nl.h \
	zebra-lite/nl_dump.c \
	zebra-lite/nl_fdb.c \
	zebra-lite/nl_fdb.h \
	zebra-lite/nl_link.c \
	zebra-lite/nl_link.h \
	zebra-lite/nl_mon.c \
	zebra-lite/nl_neigh.c \
	zebra-lite/nl_neigh.h \
	zebra-lite/nl_priv.h \
	zebra-lite/zl_proto.c \
	zebra-lite/zl_proto.h
ZL_LIBS = libzl.a libbase.a $(LIBNL_LIBS) $(EV_LIBS) $(SECCOMP_LIBS) $(CAPNG_LIBS)

# The bare netlink program that the leaf benchmark is measured against.
noinst_PROGRAMS += tests/bench/bench_netlink
tests_bench_bench_netlink_SOURCES = tests/bench/bench_netlink.c
