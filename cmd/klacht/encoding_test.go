package main

import (
	"bytes"
	"strings"
	"testing"

	"klacht/cmd/klacht/words"

	"pgregory.net/rapid"
)

func TestDecoded(t *testing.T) {
	for _, c := range []struct{ data, text, said string }{
		{"café € 5", "café € 5", ""},
		{"\xEF\xBB\xBFcafé", "café", ""},
		{"\xFF\xFEc\x00a\x00f\x00\xE9\x00 \x00\xAC\x20", "café €", ""},
		{"\xFE\xFF\x00c\x00a\x00f\x00\xE9", "café", ""},
		{"caf\xE9 \x80 5", "café € 5", "klacht: brief.txt is not UTF-8, and was read as windows-1252\n"},
		{"caf\xE9 \x81", "", ""},                  // no character of windows-1252
		{"één caf\xE9", "", ""},                   // a mixture
		{"c\x00a\x00f\x00", "", ""},               // UTF-16 that does not say so
		{"caf\x00\xE9", "", ""},                   //
		{"\xFF\xFEc\x00a", "", ""},                // cut off
		{"\xFF\xFEc\x00\x00\xD8", "", ""},         // half a character
		{"\xFF\xFE\x00\x00c\x00\x00\x00", "", ""}, // UTF-32
		{"", "", ""},
	} {
		var errs bytes.Buffer
		a := &app{Words: words.New("en"), world: world{Err: &errs}}
		text, wrong := a.decoded("brief.txt", []byte(c.data))
		if text != c.text || errs.String() != c.said || (wrong != nil) != (c.text == "" && c.data != "") {
			t.Errorf("%q: %q, %v, %q", c.data, text, wrong, errs.String())
		}
	}
}

func TestDecodedHoldsNoReplacement(t *testing.T) {
	a := &app{Words: words.New("en"), world: world{Err: &bytes.Buffer{}}}
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOf(rapid.SampledFrom([]byte("ab\n\x00\x80\x81\xC3\xA9\xE9\xFE\xFF\xD8\xBF\xBB\xEF"))).Draw(t, "data")
		text, wrong := a.decoded("x", data)
		if wrong == nil && strings.ContainsAny(text, "\x00\uFFFD") && !bytes.Contains(data, []byte("\uFFFD")) {
			t.Errorf("%q: %q", data, text)
		}
	})
}
