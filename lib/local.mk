# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	lib/addr.c \
	lib/addr.h \
	lib/arena.c \
	lib/arena.h \
	lib/asan.h \
	lib/chan.c \
	lib/chan.h \
	lib/err.c \
	lib/err.h \
	lib/hash.c \
	lib/hash.h \
	lib/hidx.c \
	lib/hidx.h \
	lib/intern.c \
	lib/intern.h \
	lib/log.c \
	lib/log.h \
	lib/loop.c \
	lib/loop.h \
	lib/loop_ev.c \
	lib/loop_priv.h \
	lib/loop_sim.c \
	lib/mono.h \
	lib/notify.c \
	lib/notify.h \
	lib/priv.c \
	lib/priv.h \
	lib/priv_seccomp.c \
	lib/slab.c \
	lib/slab.h \
	lib/stats.c \
	lib/stats.h \
	lib/strbuf.c \
	lib/strbuf.h \
	lib/util.c \
	lib/util.h \
	lib/wire.h
BASE_LIBS = libbase.a $(EV_LIBS) $(SECCOMP_LIBS) $(CAPNG_LIBS)

if HAVE_CHECK
LIB_TESTS = \
	tests/unit/check_priv
check_PROGRAMS += $(LIB_TESTS)
TESTS += $(LIB_TESTS)
tests_unit_check_priv_SOURCES = tests/unit/check_priv.c
tests_unit_check_priv_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
endif
