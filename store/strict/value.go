package strict

import (
	"strconv"

	casefile "klacht/case"

	"gopkg.in/yaml.v3"
)

// Value is a value in a file that [Read] reads.
type Value struct {
	r *Reader
	n *yaml.Node
}

// Read reads a YAML file of the program other than a case or the policy
// as strictly as those: nothing unknown, nothing twice, no more of YAML than
// is needed. take is called for each key, and returns false for one that it
// does not know; keys are those that it knows. The error is a *Damage whose File is file.
func Read(file string, data []byte, take func(key string, v Value) bool, keys ...string) error {
	root, damage := Document(file, data)
	if damage != nil {
		return damage
	}
	r := &Reader{File: file}
	Value{r, root}.Map(take, keys...)
	if r.Wrong != nil {
		return r.Wrong
	}
	return nil
}

// Map reads the keys of a value that has keys. See [Read].
func (v Value) Map(take func(key string, v Value) bool, keys ...string) {
	v.r.Mapping(v.n, func(key string, n *yaml.Node) bool { return take(key, Value{v.r, n}) }, keys...)
}

// Text returns a text on one line.
func (v Value) Text() string {
	s := v.r.Text(v.n)
	if v.r.Wrong == nil && (s == "" || casefile.OneLine(s) != s) {
		v.Fail(casefile.Errorf("a text on one line belongs here"))
	}
	return s
}

// One returns a text that is one of those allowed.
func (v Value) One(allowed ...string) string { return v.r.One(v.n, allowed...) }

// Number returns a number from least to most.
func (v Value) Number(least, most int) int {
	s := v.r.Text(v.n)
	n, err := strconv.Atoi(s)
	if v.r.Wrong == nil && (err != nil || n < least || n > most) {
		v.Fail(casefile.Errorf("a number from %d to %d belongs here", least, most))
	}
	return n
}

// Fail says that a value cannot be. Only the first failure in a file counts.
func (v Value) Fail(err error) { v.r.Fail(v.n, err) }
