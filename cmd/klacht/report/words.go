package report

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	casefile "klacht/case"
	dictionary "klacht/cmd/klacht/words"
	"klacht/deadlines"
)

// dutch holds every sentence in Dutch, by its English text.
var dutch = sync.OnceValue(dictionary.Dutch)

// words says sentences in a language, "nl" or "en", with their numbers as they are: a year
// has no thousands.
type words string

func (w words) lang() string { return string(w) }

func (w words) say(s string, args ...any) string {
	if nl, ok := dutch()[s]; ok && w == "nl" {
		s = nl
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// or joins names to a choice: agreed, upheld or rejected.
func (w words) or(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return w.say("%s or %s", strings.Join(names[:last], ", "), names[last])
}

// of says how many of those that were due were kept.
func (w words) of(kept, due int) string {
	if due == 0 {
		return "–"
	}
	return w.say("%d of %d", kept, due)
}

// title names a span of days, as shortly as it can be.
func (w words) title(from, to casefile.Date) string {
	first, last := from.Month == 1 && from.Day == 1, to.Month == 12 && to.Day == 31
	switch {
	case first && last && from.Year == to.Year:
		return w.say("Complaints in %d", from.Year)
	case first && last:
		return w.say("Complaints from %d up to and including %d", from.Year, to.Year)
	}
	return w.say("Complaints from %s up to and including %s", long(from, w.lang()), long(to, w.lang()))
}

// number writes a number that can end in a half.
func (w words) number(n float64) string {
	s := strconv.FormatFloat(n, 'f', -1, 64)
	if w == "nl" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// Term writes a term in a language ("nl" or "en"), with what it is counted from.
func Term(t deadlines.Term, lang string) string { return words(lang).term(t) }

// term writes a term as the policy states it.
func (w words) term(t deadlines.Term) string {
	if t.After != "" {
		after := t.After
		t.After = ""
		return w.say("%s after %s", w.term(t), w.step(after))
	}
	if t.N == 0 && t.Unit == deadlines.Days {
		return w.say("the same day")
	}
	if w != "nl" {
		return t.String()
	}
	unit, one := map[deadlines.Unit]string{deadlines.Workdays: "werkdagen", deadlines.Hours: "uur", deadlines.Days: "dagen",
		deadlines.Weeks: "weken", deadlines.Months: "maanden", deadlines.Years: "jaar"}[t.Unit],
		map[deadlines.Unit]string{deadlines.Workdays: "werkdag", deadlines.Days: "dag", deadlines.Weeks: "week", deadlines.Months: "maand"}[t.Unit]
	if t.N == 1 && one != "" {
		unit = one
	}
	return strconv.Itoa(t.N) + " " + unit
}

// step names a step that a term is counted from.
func (w words) step(s casefile.Step) string {
	switch s {
	case casefile.Received:
		return w.say("receipt")
	case casefile.Heard:
		return w.say("the conversation")
	case casefile.Ruled:
		return w.say("the ruling")
	case casefile.Acknowledged:
		return w.say("the confirmation of receipt")
	case casefile.Closed:
		return w.say("closing")
	case casefile.Referred:
		return w.say("the referral")
	case casefile.Admitted:
		return w.say("admission by the body")
	}
	return string(s)
}

func (w words) outcome(o casefile.Outcome) string {
	switch o {
	case casefile.Agreed:
		return w.say("agreed")
	case casefile.Upheld:
		return w.say("upheld")
	case casefile.PartlyUpheld:
		return w.say("partly upheld")
	case casefile.Rejected:
		return w.say("rejected")
	case casefile.Withdrawn:
		return w.say("withdrawn")
	case casefile.NotAdmissible:
		return w.say("not admissible")
	}
	return string(o)
}

func (w words) standing(s Standing) string {
	switch s {
	case Waiting:
		return w.say("waiting for the body")
	case Taken:
		return w.say("being handled there")
	}
	return w.say("not taken")
}

func (w words) promise(n deadlines.Name) string {
	switch n {
	case deadlines.Acknowledge:
		return w.say("confirm receipt")
	case deadlines.Inform:
		return w.say("say what's next")
	case deadlines.Hear:
		return w.say("talk")
	case deadlines.Decide:
		return w.say("decide")
	case deadlines.Close:
		return w.say("close")
	case deadlines.Extend:
		return w.say("tell of a delay")
	case deadlines.Comply:
		return w.say("carry out a ruling")
	}
	return string(n)
}
