// Package inbox reads mails that come in: who wrote, about what, in which
// words, and when the mail arrived. Everything in a mail is hostile until it
// has been through [Read].
package inbox
