package store

import (
	"strconv"

	casefile "klacht/case"

	"gopkg.in/yaml.v3"
)

// Value is a value in a file that [ReadStrict] reads.
type Value struct {
	r *reader
	n *yaml.Node
}

// ReadStrict reads a YAML file of the program other than a case or the policy
// as strictly as those: nothing unknown, nothing twice, no more of YAML than
// is needed. take is called for each key, and returns false for one that it
// does not know; keys are those that it knows. The error is a *Damage whose File is file.
func ReadStrict(file string, data []byte, take func(key string, v Value) bool, keys ...string) error {
	root, damage := document(file, data)
	if damage != nil {
		return damage
	}
	r := &reader{file: file}
	Value{r, root}.Map(take, keys...)
	if r.damage != nil {
		return r.damage
	}
	return nil
}

// Map reads the keys of a value that has keys. See [ReadStrict].
func (v Value) Map(take func(key string, v Value) bool, keys ...string) {
	v.r.mapping(v.n, func(key string, n *yaml.Node) bool { return take(key, Value{v.r, n}) }, keys...)
}

// Text returns a text on one line.
func (v Value) Text() string {
	s := v.r.text(v.n)
	if v.r.damage == nil && (s == "" || casefile.OneLine(s) != s) {
		v.Fail(casefile.Errorf("a text on one line belongs here"))
	}
	return s
}

// One returns a text that is one of those allowed.
func (v Value) One(allowed ...string) string { return v.r.one(v.n, allowed...) }

// Number returns a number from least to most.
func (v Value) Number(least, most int) int {
	s := v.r.text(v.n)
	n, err := strconv.Atoi(s)
	if v.r.damage == nil && (err != nil || n < least || n > most) {
		v.Fail(casefile.Errorf("a number from %d to %d belongs here", least, most))
	}
	return n
}

// Fail says that a value cannot be. Only the first failure in a file counts.
func (v Value) Fail(err error) { v.r.fail(v.n, err) }
