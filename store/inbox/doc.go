// Package inbox takes mail in. [Read] reads one mail: who wrote, about what, in
// which words, and when it arrived. [Parse] opens a source of mails, [Classify]
// tells what one is to the register, and [Fetch] registers what is new in a
// source. Everything in a mail is hostile until it has been through [Read].
package inbox
