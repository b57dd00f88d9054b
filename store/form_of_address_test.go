package store

import (
	"strings"
	"testing"
)

func TestFormOfAddress(t *testing.T) {
	for line, want := range map[string]string{
		"":                           "u",
		"form_of_address: u\n":       "u",
		"form_of_address: je\n":      "je",
		"form_of_address: jij\n":     `regeling.yaml:2: "jij" is not one of [je u]`,
		"form_of_address:\n":         "regeling.yaml:2: a value is missing here",
		"form_of_address: [je, u]\n": "regeling.yaml:2: a text belongs here",
	} {
		p, damage := decodePolicy(PolicyFile, []byte(strings.Replace(goodPolicy, "format: 1\n", "format: 1\n"+line, 1)))
		got := ""
		if damage != nil {
			got = damage.Error()
		} else {
			got = p.FormOfAddress
		}
		if got != want {
			t.Errorf("%q: %s, want %s", line, got, want)
		}
	}
}
