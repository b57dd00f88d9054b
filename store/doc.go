// Package store is the register on disk: the layout of the folder, the strict
// reading of its YAML, writing that is complete and synced or not there at
// all, the lock, the archive and the purge.
//
// Start at [Open], which reads the policy, and [Register.ReadOpen], which reads
// every open complaint. To change something take a [Writer] with
// [Register.Lock]; there is one at a time on a register.
//
// Every path is resolved inside the folder of the register, so that a symbolic
// link in a register from elsewhere cannot lead out of it.
package store
