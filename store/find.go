package store

import (
	"slices"
	"strconv"
	"strings"

	casefile "klacht/case"
)

// shortForm is how a person writes a number: 7, b7, 2026-7 or in full.
var shortForm = casefile.Pattern(`^(?:([0-9]{4})-)?([A-Za-z]{0,3})0{0,3}([1-9][0-9]{0,8})$`)

// Find returns the ID that a person means: a full one, or a shorter form where only
// one complaint has it: an open one or, if none is open, an archived one. Without
// letters one without them is meant before those that have some.
func (r *Register) Find(short string) (casefile.ID, error) {
	if id, err := casefile.ParseID(short); err == nil {
		return id, nil
	}
	m := shortForm().FindStringSubmatch(short)
	if m == nil {
		_, err := casefile.ParseID(short)
		return "", err
	}
	year, _ := strconv.Atoi(m[1])
	number, _ := strconv.Atoi(m[3])
	series := strings.ToUpper(m[2])
	fits := func(id casefile.ID) bool {
		return id.Number() == number && (year == 0 || id.Year() == year) && (series == "" || id.Series() == letters(series))
	}
	found, err := r.fitting(fits, openDir)
	if err == nil && len(found) == 0 {
		var months []string
		if months, err = r.months(); err == nil {
			found, err = r.fitting(fits, months...)
		}
	}
	if err == nil && series == "" {
		found, err = r.withoutLetters(found)
	}
	switch {
	case err != nil:
		return "", err
	case len(found) == 0 && year > 0:
		return casefile.MakeID(year, letters(series), number), nil
	case len(found) == 0:
		return "", casefile.Errorf("there is no complaint with number %s", short).WithHint("`klacht list` shows them all")
	case len(found) == 1:
		return found[0], nil
	}
	return "", casefile.Errorf("%s can be %s", short, joinIDs(found)).WithHint("give the full number")
}

// fitting returns the cases in the folders whose numbers fit, each once.
func (r *Register) fitting(fits func(casefile.ID) bool, dirs ...string) (found []casefile.ID, err error) {
	for _, dir := range dirs {
		names, err := r.root.Names(dir)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			if id, ok := caseID(n); ok && fits(id) && !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	}
	return found, nil
}

// withoutLetters returns those of the cases that have no letters in their numbers,
// wherever the case of that year and number stands; or all if there are none.
func (r *Register) withoutLetters(ids []casefile.ID) (plain []casefile.ID, err error) {
	for _, id := range ids {
		id = casefile.MakeID(id.Year(), "", id.Number())
		if places, err := r.places(id); err != nil {
			return nil, err
		} else if len(places) > 0 && !slices.Contains(plain, id) {
			plain = append(plain, id)
		}
	}
	if plain == nil {
		return ids, nil
	}
	return plain, nil
}

func joinIDs(ids []casefile.ID) string {
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = string(id)
	}
	return strings.Join(s, ", ")
}
