// Package outbox is letters on their way out: it makes a mail of a letter,
// hands it to a server, a command or the owner's own mail program, and records
// the step when it has left, not before.
//
// [Compose] makes the mail and [New] an outbox for a register, with a
// [Transport] as [Config] says. [Outbox.Enqueue] puts the mail there and
// [Outbox.Deliver] sends it. Its states:
//
//	draft     the owner sends it and says so            → MarkSent, Drop
//	queued    to be tried                               → Deliver, Drop
//	sending   handed over, the answer is not known      → MarkSent, TryAgain, Drop
//	accepted  it has left, and is not recorded yet      → Recover
//	refused   refused for good, nothing of it has left  → TryAgain, Drop
//
// "sending" is on the disk before the first byte goes to a server, and
// "accepted" as soon as the server has taken the letter. So a letter that a
// crash leaves in "sending" may have left, and is never sent again without the
// owner's word; and one that a crash leaves in "accepted" is recorded by the
// next command without being sent.
package outbox
