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
	lib/utf8.c \
	lib/utf8.h \
	lib/util.c \
	lib/util.h \
	lib/wire.h \
	lib/xmlscan.c \
	lib/xmlscan.h
BASE_LIBS = libbase.a $(EV_LIBS) $(SECCOMP_LIBS) $(CAPNG_LIBS)

if HAVE_CHECK
LIB_TESTS = \
	tests/unit/check_addr \
	tests/unit/check_arena \
	tests/unit/check_chan \
	tests/unit/check_hidx \
	tests/unit/check_intern \
	tests/unit/check_log \
	tests/unit/check_loop \
	tests/unit/check_priv \
	tests/unit/check_slab \
	tests/unit/check_stats \
	tests/unit/check_strbuf \
	tests/unit/check_util \
	tests/unit/check_wire \
	tests/unit/check_xmlscan
check_PROGRAMS += $(LIB_TESTS)
TESTS += $(LIB_TESTS)
tests_unit_check_addr_SOURCES = tests/unit/check_addr.c tests/unit/run.h
tests_unit_check_addr_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_arena_SOURCES = tests/unit/check_arena.c tests/unit/run.h
tests_unit_check_arena_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_chan_SOURCES = tests/unit/check_chan.c tests/unit/run.h
tests_unit_check_chan_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_hidx_SOURCES = tests/unit/check_hidx.c tests/unit/run.h
tests_unit_check_hidx_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_intern_SOURCES = tests/unit/check_intern.c tests/unit/run.h
tests_unit_check_intern_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_log_SOURCES = tests/unit/check_log.c tests/unit/run.h
tests_unit_check_log_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_loop_SOURCES = tests/unit/check_loop.c tests/unit/run.h
tests_unit_check_loop_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_priv_SOURCES = tests/unit/check_priv.c tests/unit/run.h
tests_unit_check_priv_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_slab_SOURCES = tests/unit/check_slab.c tests/unit/run.h
tests_unit_check_slab_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_stats_SOURCES = tests/unit/check_stats.c tests/unit/run.h
tests_unit_check_stats_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_strbuf_SOURCES = tests/unit/check_strbuf.c tests/unit/run.h
tests_unit_check_strbuf_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_util_SOURCES = tests/unit/check_util.c tests/unit/run.h
tests_unit_check_util_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_wire_SOURCES = tests/unit/check_wire.c tests/unit/run.h
tests_unit_check_wire_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
tests_unit_check_xmlscan_SOURCES = tests/unit/check_xmlscan.c tests/unit/run.h
tests_unit_check_xmlscan_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
endif
