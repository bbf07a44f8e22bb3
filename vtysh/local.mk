# SPDX-License-Identifier: ISC
bin_PROGRAMS += vtysh/vtysh
vtysh_vtysh_SOURCES = \
	vtysh/client.c vtysh/client.h \
	vtysh/edit.c vtysh/edit.h \
	vtysh/filter.c vtysh/filter.h \
	vtysh/main.c \
	vtysh/pager.c vtysh/pager.h \
	vtysh/paint.c vtysh/paint.h \
	vtysh/progress.c vtysh/progress.h
vtysh_vtysh_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEDIT_CFLAGS)
vtysh_vtysh_LDADD = libctl.a libbase.a $(LIBEDIT_LIBS)

dist_check_SCRIPTS += tests/terminal.sh tests/vtysh.sh
TESTS += tests/terminal.sh tests/vtysh.sh
EXTRA_DIST += tests/engine.sh tests/show_json.py

if HAVE_CHECK
check_PROGRAMS += tests/unit/check_filter
TESTS += tests/unit/check_filter
tests_unit_check_filter_SOURCES = tests/unit/check_filter.c tests/unit/run.h \
	vtysh/filter.c vtysh/filter.h
tests_unit_check_filter_LDADD = $(BASE_LIBS) $(UNIT_LIBS)
endif
