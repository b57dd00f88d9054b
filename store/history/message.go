package history

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	casefile "klacht/case"
	"klacht/store"
)

// deedsOf says of what a set of paths is: each case once, and each other file;
// but the owner's own letters together.
func deedsOf(paths []string, what string) []store.Deed {
	var list []store.Deed
	seen := map[string]bool{}
	for _, p := range paths {
		of := cmp.Or(caseOf(p), p)
		if strings.HasPrefix(of, "letters/") {
			of = "letters"
		}
		if !seen[of] {
			seen[of] = true
			list = append(list, store.Deed{Of: of, What: what})
		}
	}
	slices.SortStableFunc(list, func(a, b store.Deed) int { return cmp.Compare(a.Of, b.Of) })
	return list
}

// maxLines is how many deeds a message names.
const maxLines = 2000

// Message returns the message of a commit: of one deed the deed itself; of more
// a summary, an empty line, and a line for each.
func Message(did []store.Deed) string {
	if len(did) == 1 {
		return did[0].String() + "\n"
	}
	var b strings.Builder
	same := !slices.ContainsFunc(did, func(d store.Deed) bool { return d.What != did[0].What })
	if same {
		fmt.Fprintf(&b, "%s and %d more: %s\n\n", did[0].Of, len(did)-1, did[0].What)
	} else {
		fmt.Fprintf(&b, "%d changes\n\n", len(did))
	}
	for _, d := range did[:min(len(did), maxLines)] {
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}

// deedsIn reads what was done out of the message of a commit: what was done
// with one case, or all if id is "".
func deedsIn(message string, id casefile.ID) []store.Deed {
	subject, body, _ := strings.Cut(message, "\n")
	lines := strings.Split(strings.TrimSpace(body), "\n")
	if strings.TrimSpace(body) == "" {
		lines = []string{subject}
	}
	var all, some []store.Deed
	for _, l := range lines {
		of, what, ok := strings.Cut(l, ": ")
		if _, err := casefile.ParseID(of); !ok || err != nil && !mine(of) && of != "letters" && of != "register" {
			return []store.Deed{{Of: string(id), What: subject}}
		}
		d := store.Deed{Of: of, What: what}
		all = append(all, d)
		if of == string(id) {
			some = append(some, d)
		}
	}
	if id != "" && some != nil {
		return some
	}
	if id != "" { // such as the first commit of a register: it has the case among the rest
		return []store.Deed{{Of: string(id), What: all[0].What}}
	}
	return all
}
