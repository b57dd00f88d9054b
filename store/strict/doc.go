// Package strict reads YAML of which nothing is passed over: no key that is not known, none
// twice, and no more of the language than a file of klacht needs. What is wrong is said
// with its place, FILE:LINE.
package strict
