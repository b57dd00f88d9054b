// Package wire is how klacht talks to a server of the owner's and to the programs of
// this computer: connections with their limits and certificates, commands, and in
// [Failure] what went wrong with them. It knows nothing of complaints or letters.
package wire
