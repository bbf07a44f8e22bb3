# SPDX-License-Identifier: ISC
bin_PROGRAMS += vtysh/vtysh
vtysh_vtysh_SOURCES = \
	vtysh/client.c vtysh/client.h \
	vtysh/edit.c vtysh/edit.h \
	vtysh/main.c \
	vtysh/pager.c vtysh/pager.h
vtysh_vtysh_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEDIT_CFLAGS)
vtysh_vtysh_LDADD = libctl.a libbase.a $(LIBEDIT_LIBS)

dist_check_SCRIPTS += tests/vtysh.sh
TESTS += tests/vtysh.sh
