# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libzl.a
libzl_a_SOURCES = zebra-lite/zl_proto.h zebra-lite/zl_proto.c
