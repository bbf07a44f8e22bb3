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
