// Package disk is the ground floor: a folder in which a file is there with its old content
// or with its new one, synced, at any moment, and locks on it. It knows nothing of
// registers.
package disk
