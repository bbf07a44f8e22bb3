# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libmgmt.a
libmgmt_a_SOURCES = mgmt/conf.h
