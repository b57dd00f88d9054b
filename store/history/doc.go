// Package history keeps a register in a git repository of its own: every change
// becomes a commit, of just the paths that it touched, with a message that says
// nothing about a person (R13).
//
// Start at [Open], which finds the repository of a register, or says with a
// [None] why it has none. Git itself is the program of the user, with the
// user's own settings, hooks and signing; [Repo.Do] is the one place where it
// is run.
package history
