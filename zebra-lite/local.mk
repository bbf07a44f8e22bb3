# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libzl.a
libzl_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNL_CFLAGS)
libzl_a_SOURCES = \
	zebra-lite/apply.c \
	zebra-lite/apply.h \
	zebra-lite/bind.c \
	zebra-lite/iface.c \
	zebra-lite/iface.h \
	zebra-lite/iface_resolve.c \
	zebra-lite/listen.c \
	zebra-lite/listen.h \
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
	zebra-lite/observe.c \
	zebra-lite/observe.h \
	zebra-lite/reconcile.c \
	zebra-lite/reconcile.h \
	zebra-lite/supervise.c \
	zebra-lite/supervise.h \
	zebra-lite/watch.c \
	zebra-lite/zl.c \
	zebra-lite/zl.h \
	zebra-lite/zl_proto.c \
	zebra-lite/zl_proto.h \
	zebra-lite/zl_say.c
ZL_LIBS = libzl.a libbase.a $(LIBNL_LIBS) $(EV_LIBS) $(SECCOMP_LIBS) $(CAPNG_LIBS)

sbin_PROGRAMS += evpnd
evpnd_SOURCES = zebra-lite/main.c
evpnd_LDADD = $(ZL_LIBS)

# The bare netlink program that the leaf benchmark is measured against.
noinst_PROGRAMS += tests/bench/bench_netlink
tests_bench_bench_netlink_SOURCES = tests/bench/bench_netlink.c

# The engine's stand-in of tests/fabric/t_zl_*.sh.
noinst_PROGRAMS += tests/fabric/zl_probe
tests_fabric_zl_probe_SOURCES = tests/fabric/zl_probe.c
tests_fabric_zl_probe_LDADD = $(ZL_LIBS)
EXTRA_DIST += \
	tests/fabric/t_zl_devices.sh \
	tests/fabric/t_zl_supervise.sh \
	tests/fabric/t_zl_writes.sh \
	tests/fabric/zl.sh \
	tests/lab/t_zl_aware.sh \
	tests/lab/t_zl_svd.sh \
	tests/lab/t_zl_vnifilter.sh \
	tests/lab/zl_svd.sh \
	tests/lab/zl_vlan.sh
