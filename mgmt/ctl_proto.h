/* SPDX-License-Identifier: ISC */
/* mgmt/ctl_proto.h: what vtysh and the engine say to each other.
 *
 * Where   Unix stream socket RUNDIR/evpnd.vty, frames of lib/chan.h: 4-byte length of
 *         what follows, 2-byte type, body; numbers big-endian, texts UTF-8, no NUL.
 * Session One per connection, with its own place in the configuration (the node
 *         stack of `configure terminal`).  The engine greets with CTL_HELLO, the client
 *         answers with its own; then the client asks and the engine answers, in order.
 * Answers Each CTL_EXEC, CTL_COMPLETE, CTL_HELP and CTL_LOAD_END is answered by any
 *         number of CTL_OUT or CTL_CHOICE and exactly one CTL_DONE.  Requests may be
 *         sent ahead; CTL_PENDING_MAX of them are kept, more end the connection.
 *         CTL_CANCEL ends the running command (its CTL_DONE comes, status 1).
 * Flow    A command whose output the client does not read waits; nothing else does.
 */
#ifndef EVPND_MGMT_CTL_PROTO_H
#define EVPND_MGMT_CTL_PROTO_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/wire.h"

#define CTL_VERSION 2
#define CTL_SOCKET "evpnd.vty"	/* in the run directory */
#define CTL_MSG_MAX 65536	/* bytes of a body */
#define CTL_LINE_MAX 4096	/* a line is shorter */
#define CTL_PENDING_MAX 64	/* requests sent ahead */
#define CTL_LOAD_MAX (64 << 20) /* bytes of one loaded text */
#define CTL_WORD_MAX 256	/* bytes of a choice's word */
#define CTL_HELP_MAX 512	/* bytes of a choice's help */
#define CTL_PROMPT_MAX 128	/* bytes of a prompt */

enum ctl_type {
	/* both ways, first message */
	CTL_HELLO = 1, /* u32 CTL_VERSION */
	/* client -> engine */
	CTL_EXEC = 10,	   /* a line */
	CTL_COMPLETE = 11, /* the line up to the cursor: words that can stand there */
	CTL_HELP = 12, /* the line up to the cursor: what can stand there, with help */
	CTL_LOAD = 13, /* a piece of configuration text, to be used at CTL_LOAD_END */
	CTL_LOAD_END = 14, /* u8 enum ctl_load: all of the text is one transaction */
	CTL_CANCEL = 15,   /* empty */
	/* struct ctl_user: for whom the client speaks; of root and of our own user only, and
	 * before anything else is asked.  Not answered. */
	CTL_USER = 16,
	CTL_RPC = 17,	  /* mgmt/ctl_rpc.h: a piece of a payload */
	CTL_RPC_END = 18, /* mgmt/ctl_rpc.h: struct ctl_rpc */
	/* engine -> client */
	CTL_OUT = 20,	 /* text, any part of the output */
	CTL_CHOICE = 21, /* struct ctl_choice */
	CTL_DONE = 22,	 /* struct ctl_done */
	CTL_ERROR = 23,	 /* struct ctl_rpc_error */
	CTL_EVENT = 24,	 /* struct ctl_event and its text */
};

enum ctl_load { CTL_LOAD_MERGE = 0, CTL_LOAD_CHECK = 1, CTL_LOAD_REPLACE = 2 };

/* Marks in the text of CTL_OUT: what follows, up to the next mark, is good news or bad.  None come
 * before the session has said `terminal color on`. */
enum ctl_tone {
	CTL_TONE_PLAIN = 0x11, /* neither */
	CTL_TONE_GOOD = 0x12,
	CTL_TONE_WARN = 0x13,
	CTL_TONE_BAD = 0x14,
};

static inline bool
ctl_is_tone(char c)
{
	return c >= CTL_TONE_PLAIN && c <= CTL_TONE_BAD;
}

#define CTL_NAME_MAX 33
#define CTL_DOOR_MAX 12

struct ctl_user {
	char name[CTL_NAME_MAX]; /* of the operator */
	char door[CTL_DOOR_MAX]; /* by which he came, such as "netconf" */
};

struct ctl_choice {
	bool is_value;		 /* a description such as A.B.C.D, not a word to type */
	char word[CTL_WORD_MAX]; /* the word */
	char help[CTL_HELP_MAX]; /* one sentence, "" in answer to CTL_COMPLETE */
};

struct ctl_done {
	uint8_t status;		     /* exit status of the command: 0 or 1 */
	bool closing;		     /* the session has ended (`exit`) */
	char prompt[CTL_PROMPT_MAX]; /* of the next line: "leaf1(config)# " */
};

void ctl_choice_encode(struct wbuf *w, const struct ctl_choice *m);
bool ctl_choice_decode(struct rbuf *r, struct ctl_choice *m);
void ctl_done_encode(struct wbuf *w, const struct ctl_done *m);
bool ctl_done_decode(struct rbuf *r, struct ctl_done *m);

void ctl_user_encode(struct wbuf *w, const struct ctl_user *m);
bool ctl_user_decode(struct rbuf *r, struct ctl_user *m);

/* A text inside a body: its length in two bytes, then it.  get: into a buffer of this size; what does
 * not fit or has NUL bytes fails the reader. */
void ctl_text_put(struct wbuf *w, const char *s);
void ctl_text_get(struct rbuf *r, char *out, size_t size);
/* A body that is text, as a string that the caller frees; NULL if it has NUL or newline bytes
 * (newlines are allowed with multi). */
char *ctl_text(const uint8_t *body, size_t len, bool multi);

#endif
