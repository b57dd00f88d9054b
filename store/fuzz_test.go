package store

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

// Whatever is in a case file, reading it does not panic, and a step can be
// added to what was read, or the file is told to be in the way.
func FuzzDecodeCase(f *testing.F) {
	for _, data := range byHand {
		if len(data) < 5000 {
			f.Add([]byte(data))
		}
	}
	for _, tt := range badCases {
		if len(tt.data) < 5000 {
			f.Add([]byte(tt.data))
		}
	}
	p := testPolicy(f)
	today := day(f, "2026-12-01")
	f.Fuzz(func(t *testing.T, data []byte) {
		file, damage := decodeCase("f.yaml", data, p)
		if damage != nil {
			if damage.File != "f.yaml" || damage.Line < 0 || damage.Line > bytes.Count(data, []byte("\n"))+2+bytes.Count(data, []byte("\r")) && !breaks(data) {
				t.Fatalf("no place in the file: %v", damage)
			}
			return
		}
		want := deadlines.RecordOf(&file.Case, p, today)
		want.Gone = today
		lines := []string{purgedRecord(file, p, today) + ", purged: " + today.String() + "}\n"}
		if m := purgedForm().FindStringSubmatch(lines[0]); m == nil {
			t.Fatalf("not of its own form: %s", lines[0])
		} else if got, damage := decodePurged(1, m[1]); damage != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("the line %s is read as %+v, %v\nwant %+v", lines[0], got, damage, want)
		}
		_ = deadlines.Actions(&file.Case, file.State, p, today)
		e := casefile.Entry{At: file.InOrder()[len(file.Log)-1].At, Step: casefile.Noted, By: "mok", Text: "- a: b\n\n# c"}
		next, err := withEntry(file, e, p)
		if err != nil {
			var d *Damage
			if !errors.As(err, &d) {
				t.Fatalf("not a *Damage: %v", err)
			}
			return
		}
		if !bytes.HasPrefix(next.Data, data) || len(next.Log) != len(file.Log)+1 || !next.Log[len(file.Log)].Same(e) {
			t.Fatalf("not only added:\n%s", next.Data)
		}
		again, err := withEntry(next, e, p)
		if err != nil || !bytes.HasPrefix(again.Data, next.Data) {
			t.Fatalf("a second step cannot be added: %v", err)
		}
	})
}

// breaks reports whether there are line ends that only YAML 1.1 knows.
func breaks(data []byte) bool { return bytes.ContainsAny(data, "\u0085\u2028\u2029") }

func FuzzDecodePolicy(f *testing.F) {
	f.Add([]byte(goodPolicy))
	f.Add(policyText(f))
	for _, old := range []string{"[mon, tue, wed, thu, fri]", "4 weeks", "2020-01-01", "koningsdag", "2026-12-24"} {
		for _, value := range []string{"", "[]", "~", "unlimited", "9998-12-31", "1000 years", "1900-01-01..1900-12-31", "&a [*a]", "algemene termijnenwet"} {
			f.Add([]byte(bytes.ReplaceAll([]byte(goodPolicy), []byte(old), []byte(value))))
		}
	}
	received := day(f, "2026-11-20")
	f.Fuzz(func(t *testing.T, data []byte) {
		p, damage := decodePolicy("f.yaml", data)
		if damage != nil {
			if damage.File != "f.yaml" || damage.Line < 0 {
				t.Fatalf("no place: %v", damage)
			}
			return
		}
		if p.Zone == nil || len(p.Versions) == 0 || p.Organisation.Name == "" {
			t.Fatalf("a policy that cannot be used: %+v", p)
		}
		for _, row := range p.Terms(received) {
			if row.Due.Before(received) || row.DoBy.After(row.Due) {
				t.Fatalf("%+v", row)
			}
		}
		_, _ = p.LodgeFrom(received), p.Room(received).Latest
	})
}
