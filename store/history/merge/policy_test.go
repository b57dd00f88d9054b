package merge

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"klacht/store"

	"pgregory.net/rapid"
)

const policy = `# De regeling.
format: 1
organisation:
  name: Webwerk Oost
  handler: Mok Verhagen  # wie klachten behandelt
  email: klachten@webwerkoost.example

timezone: Europe/Amsterdam
workdays: [mon, tue, wed, thu, fri]
closed:
  - 2026-07-20..2026-07-31  # zomer
versions:
  # De eerste tekst.
  - from: 2019-09-01
    acknowledge: 5 werkdagen
    close: 6 weken
    archive: 5 jaar

  - from: 2025-01-01
    acknowledge: 5 werkdagen  # ontvangst (R4)
    close: 4 weken
    # appeal: 3 maanden
    archive: 5 jaar
`

func TestPolicy(t *testing.T) {
	edit := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(policy) }
	now := "acknowledge: 5 werkdagen  # ontvangst (R4)\n    close: 4 weken"
	version := "  - from: 2026-01-01\n    close: 3 weken\n    archive: 5 jaar\n"
	flow := strings.NewReplacer("organisation:\n  name: Webwerk Oost\n  handler: Mok Verhagen  # wie klachten behandelt\n  email: klachten@webwerkoost.example\n",
		"organisation: {name: Webwerk Oost, handler: Mok, email: klachten@webwerkoost.example}\n").Replace(policy[:strings.Index(policy, "versions:")]) +
		"versions:\n  - {from: 2019-09-01, close: 6 weken, archive: 5 jaar}\n"
	for _, tt := range []struct {
		name, base, ours, theirs string
		keep                     Side
		want                     string
		conflicts                []Conflict
	}{
		{"two keys of a version", policy, edit("5 werkdagen  #", "6 werkdagen  #"), edit("4 weken", "3 weken"), Ask, edit(now, "acknowledge: 6 werkdagen  # ontvangst (R4)\n    close: 3 weken"), nil},
		{"one key", policy, edit("4 weken", "3 weken"), edit("4 weken", "5 weken", "5 werkdagen  #", "6 werkdagen  #"), Ask, "", []Conflict{{"close", "3 weken", "5 weken"}}},
		{"one key, ours; what nobody disputes stays", policy, edit("4 weken", "3 weken"), edit("4 weken", "5 weken", "5 werkdagen  #", "6 werkdagen  #"), Ours,
			edit(now, "acknowledge: 6 werkdagen  # ontvangst (R4)\n    close: 3 weken"), nil},
		{"keys of the organisation", policy, edit("Webwerk Oost", "Webwerk"), edit("Mok Verhagen ", "Els "), Ask, edit("Webwerk Oost", "Webwerk", "Mok Verhagen ", "Els "), nil},
		{"one key of the organisation", policy, edit("Webwerk Oost", "Webwerk"), edit("Webwerk Oost", "West"), Ask, "", []Conflict{{"organisation.name", "Webwerk", "West"}}},
		{"a list", policy, edit("fri]", "fri, sat]"), edit("tue, wed", "wed"), Ask, "", []Conflict{{"workdays", "[mon, tue, wed, thu, fri, sat]", "[mon, wed, thu, fri]"}}},
		{"a version each", policy, policy + version, policy + strings.Replace(version, "2026", "2027", 1), Ask, policy + version + strings.Replace(version, "2026", "2027", 1), nil},
		{"a version each, of one day", policy, policy + version, policy + strings.Replace(version, "3 weken", "2 weken", 1), Ask, "", []Conflict{{"close", "3 weken", "2 weken"}}},
		{"a version taken out, and changed", policy, policy + version, strings.Replace(policy[:strings.LastIndex(policy, "  - from")], "5 jaar\n\n", "5 jaar\n", 1), Ask,
			policy[:strings.LastIndex(policy, "\n  - from")] + version, nil},
		{"an order of keys", policy, edit("5 werkdagen  # ontvangst (R4)\n    close: 4 weken", "5 werkdagen  # ontvangst (R4)\n    inform: 2 weken\n    close: 4 weken"), edit("4 weken", "3 weken"), Ask,
			edit("5 werkdagen  # ontvangst (R4)\n    close: 4 weken", "5 werkdagen  # ontvangst (R4)\n    inform: 2 weken\n    close: 3 weken"), nil},
		{"versions in one line each", flow, strings.Replace(flow, "6 weken", "4 weken", 1), strings.Replace(flow, "close:", "acknowledge: 5 werkdagen, close:", 1), Ask,
			strings.NewReplacer("{name", "\n  name", ", handler", "\n  handler", ", email", "\n  email", "example}\n", "example", "organisation: ", "organisation:", "31  #", "31 #").Replace(flow[:strings.Index(flow, "  - {from")]) +
				"  - from: 2019-09-01\n    acknowledge: 5 werkdagen\n    close: 4 weken\n    archive: 5 jaar\n", nil},
		{"keys that cannot stand together", policy, edit("    # appeal: 3 maanden\n", "    extension: {at most: 5 weken}\n"), edit("close: 4 weken", "close: 7 weken"), Ask, "",
			[]Conflict{{"", "extension: {at most: 5 weken}", "close: 7 weken"}}},
		{"a damaged side", policy, edit("4 weken", "veel"), edit("4 weken", "3 weken"), Theirs, edit("4 weken", "3 weken"), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, conflicts := File(store.PolicyFile, []byte(tt.base), []byte(tt.ours), []byte(tt.theirs), tt.keep)
			if string(got) != tt.want || !slices.Equal(conflicts, tt.conflicts) {
				t.Errorf("got %v\n%s\nwant %v\n%s", conflicts, got, tt.conflicts, tt.want)
			}
			back, others := File(store.PolicyFile, []byte(tt.base), []byte(tt.theirs), []byte(tt.ours), (3-tt.keep)%3)
			mirrored(t, got, back, conflicts, others)
		})
	}
}

// changedPolicy is the policy as somebody changed it, line by line.
func changedPolicy(t *rapid.T, who string) []byte {
	text := policy
	for n := range rapid.IntRange(0, 5).Draw(t, "changes of "+who) {
		number := rapid.IntRange(4, 9).Draw(t, "number")
		next := rapid.SampledFrom([][2]string{
			{"5 werkdagen  #", fmt.Sprintf("%d werkdagen  #", number)}, {"4 weken", fmt.Sprintf("%d weken", number)},
			{"    archive: 5 jaar\n\n", fmt.Sprintf("    archive: %d jaar\n\n", number)}, {"Webwerk Oost", "Webwerk " + who}, {"Mok Verhagen", who},
			{", fri]", "]"}, {"closed:\n", fmt.Sprintf("closed:\n  - 2026-12-0%d\n", number)}, {"timezone", "# " + who + "\ntimezone"},
			{"    # appeal: 3 maanden\n", fmt.Sprintf("    inform: %d werkdagen\n", number)}, {"    close: 6 weken\n", ""},
			{"    archive: 5 jaar\n\n", fmt.Sprintf("    archive: 5 jaar\n\n  - from: 202%d-01-01\n    archive: %d jaar\n", n, number)},
		}).Draw(t, "change")
		text = strings.Replace(text, next[0], next[1], 1)
	}
	if _, err := store.ParsePolicy([]byte(text)); err != nil {
		t.Skip(err)
	}
	return []byte(text)
}

func TestPolicyFromBothSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ours, theirs := changedPolicy(t, "mok"), changedPolicy(t, "els")
		for _, keep := range []Side{Ask, Ours, Theirs} {
			got, conflicts := Policy([]byte(policy), ours, theirs, keep)
			back, others := Policy([]byte(policy), theirs, ours, (3-keep)%3)
			mirrored(t, got, back, conflicts, others)
			if keep != Ask && got == nil {
				t.Fatalf("not settled by a choice: %v", conflicts)
			}
			if got == nil {
				continue
			}
			if _, err := store.ParsePolicy(got); err != nil {
				t.Fatalf("%v\n%s", err, got)
			}
			for _, side := range [][]byte{ours, theirs} {
				if again, more := Policy([]byte(policy), got, side, Ask); keep == Ask && (more != nil || !bytes.Equal(again, got)) {
					t.Fatalf("merging once more changes it: %v\n%s\n%s", more, got, again)
				}
			}
		}
	})
}

func FuzzPolicy(f *testing.F) {
	sample, err := os.ReadFile("../../../cases/regeling.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, one := range []string{policy, string(sample)} {
		f.Add(one, strings.Replace(one, "4 weken", "3 weken", 1), strings.Replace(one, "5 werkdagen  #", "6 werkdagen  #", 1))
		f.Add(one, strings.Replace(one, "2025-01-01", "2026-01-01", 1), strings.Replace(one, "fri]", "fri, sat]", 1))
		f.Add("", one, strings.ReplaceAll(one, "\n", "\r\n")+"# einde\n")
	}
	f.Fuzz(func(t *testing.T, base, ours, theirs string) {
		for _, keep := range []Side{Ask, Ours, Theirs} {
			got, conflicts := Policy([]byte(base), []byte(ours), []byte(theirs), keep)
			back, others := Policy([]byte(base), []byte(theirs), []byte(ours), (3-keep)%3)
			mirrored(t, got, back, conflicts, others)
			if got == nil || string(got) == ours || string(got) == theirs {
				continue
			}
			if _, err := store.ParsePolicy(got); err != nil {
				t.Fatalf("%v\n%s", err, got)
			}
		}
	})
}
