/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_bpf.h: the words of the monitors' socket filters.
 *
 * What    A filter sees the netlink header (its type at 4, in host order), then the message's
 *         own head.  Loads give big-endian numbers.
 */
#ifndef EVPND_ZEBRA_LITE_NL_BPF_H
#define EVPND_ZEBRA_LITE_NL_BPF_H

#include <linux/filter.h>
#include <linux/netlink.h>

#define LOAD8(off) BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (off))
#define LOAD16(off) BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (off))
/* The offset of an attribute, 0 if there is none: three instructions.  For ndmsg. */
#define LOAD_ATTR(type)                                                                  \
	BPF_STMT(BPF_LD | BPF_IMM, NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct ndmsg))),    \
	    BPF_STMT(BPF_LDX | BPF_IMM, (type)),                                         \
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_NLATTR))
#define IF_EQ(v, t, f) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (v), (t), (f))
#define IF_GE(v, t, f) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (v), (t), (f))
#define IF_SET(v, t, f) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (v), (t), (f))
#define PASS BPF_STMT(BPF_RET | BPF_K, UINT32_MAX)
#define DROP BPF_STMT(BPF_RET | BPF_K, 0)
#define OFF_TYPE 4

#endif
