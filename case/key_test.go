package casefile_test

import (
	"strings"
	"testing"

	casefile "klacht/case"
)

func TestAKeyHasOneFormOnly(t *testing.T) {
	seen := map[casefile.Key]bool{}
	for range 100 {
		key := casefile.NewKey()
		if got, err := casefile.ParseKey(string(key)); got != key || err != nil || seen[key] {
			t.Fatalf("ParseKey(%q) = %q, %v; seen: %v", key, got, err, seen[key])
		}
		seen[key] = true
	}
	key := string(casefile.KeyOf("2026-0007", "received"))
	for _, s := range []string{"", key + "0", key[1:], strings.ToUpper(key), key[:25] + "u", key[:25] + "1" /* beyond 128 bits */, " " + key[1:]} {
		if got, err := casefile.ParseKey(s); err == nil {
			t.Errorf("ParseKey(%q) = %q; want an error", s, got)
		}
	}
}

func TestADerivedKeyIsTheSameEverywhere(t *testing.T) {
	if a, b := casefile.KeyOf("a", "bc"), casefile.KeyOf("ab", "c"); a == b || a != casefile.KeyOf("a", "bc") {
		t.Errorf("%s and %s", a, b)
	}
	if key := casefile.KeyOf("a"); key.Hash() == string(key) || key.Hash() == casefile.KeyOf("b").Hash() {
		t.Errorf("%s hashes to %s", key, key.Hash())
	}
}
