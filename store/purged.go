package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/strict"

	"gopkg.in/yaml.v3"
)

const purgedHead = `# One line for each complaint that was purged: numbers and dates, nothing about a person.
# promises: how each stood and how many working days it took; a number here is never used again.
`

// recordPurge adds the line that stays of a case.
func (w *Writer) recordPurge(line string) error {
	data, err := w.root.ReadUpTo(PurgedFile, 1<<30) // a line stays for ever
	if errors.Is(err, fs.ErrNotExist) {
		data = []byte(purgedHead)
	} else if err != nil {
		return err
	}
	if !bytes.HasSuffix(data, []byte("\n")) {
		data = append(data, '\n')
	}
	return w.put(PurgedFile, append(data, line...))
}

// purgedRecord says in numbers how a case went, up to the day on which it goes. Nothing
// in it is about a person. It holds all that the record of the case does;
// decodePurged reads it back.
func purgedRecord(f *File, p *deadlines.Policy, today casefile.Date) string {
	r := deadlines.RecordOf(&f.Case, p, today)
	var b strings.Builder
	fmt.Fprintf(&b, "- {id: %s", r.ID)
	if !r.Received.IsZero() {
		fmt.Fprintf(&b, ", received: %s", r.Received)
	} else {
		fmt.Fprintf(&b, ", spoken: %s", r.Spoken)
	}
	if r.About != "" {
		fmt.Fprintf(&b, ", about: %q", r.About)
	}
	fmt.Fprintf(&b, ", policy: %s", r.Version)
	var promises []string
	for _, pr := range r.Promises {
		s := fmt.Sprintf("%s %s", pr.Term, pr.Verdict)
		if pr.Workdays >= 0 {
			s += fmt.Sprintf(" %d %d", pr.Workdays, pr.Days)
		}
		if pr.Returned {
			s += " returned"
		}
		if pr.Beyond {
			s += " beyond"
		}
		promises = append(promises, strings.TrimSpace(s+" "+string(pr.Proof)))
	}
	if promises != nil {
		fmt.Fprintf(&b, ", promises: [%s]", strings.Join(promises, ", "))
	}
	var steps []string
	for _, m := range r.Steps {
		step := strings.TrimSpace(fmt.Sprintf("%s %s %s", m.Step, m.On, m.Outcome))
		if m.NothingToDo {
			step += " " + string(casefile.FieldNothingToDo)
		}
		steps = append(steps, step)
	}
	fmt.Fprintf(&b, ", steps: [%s]", strings.Join(steps, ", "))
	if !r.Until.IsZero() {
		fmt.Fprintf(&b, ", until: %s", r.Until)
	}
	return b.String()
}

// purgedEnd ends the line that stays of a case: when it was removed, what tells it
// from others, and which clone removed it. The key of a case that cannot be told
// is left out.
func (w *Writer) purgedEnd(f *File, today casefile.Date) (string, error) {
	by, err := w.series()
	if err != nil {
		return "", err
	}
	hash, content := "", ""
	if key := w.knownAs(f); key != "" {
		hash = key.Hash()
	}
	if f.Data != nil {
		content = DigestOf(f.Data)
	}
	data, err := w.root.ReadUpTo(PurgedFile, 1<<30)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	lines, err := ParsePurgedLines(data)
	if err != nil {
		return "", err
	}
	for _, p := range lines { // one that was kept as it is goes on a later day than it was kept
		if p.Kept && p.Key == hash && p.Content == content && !today.After(p.On) {
			today = p.On.AddDays(1)
		}
	}
	s := fmt.Sprintf(", purged: %s", today)
	if hash != "" {
		s += ", key: " + hash
	}
	if content != "" {
		s += ", content: " + content
	}
	return s + ", by: " + by + "}\n", nil
}

var purgedForm = casefile.Pattern(`^- (\{id: (` + casefile.IDPattern + `), .*\})\s*$`)

// maxPurgedLine is the length in bytes of the longest line in purged.yaml.
const maxPurgedLine = 1 << 20

// purgedLines reads purged.yaml line by line: of each that is about a case what it
// says of that, and what stands in the line as YAML. A line that is not of the form
// that the program writes is a *Damage.
func (r *Register) purgedLines(take func(p PurgedLine, line string) error) error {
	f, _, err := r.root.OpenRegular(PurgedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return &Damage{File: PurgedFile, Err: err}
	}
	defer f.Close()
	return purgedLinesIn(f, take)
}

func purgedLinesIn(in io.Reader, take func(p PurgedLine, line string) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxPurgedLine)
	n := 0
	for lines.Scan() {
		n++
		line := lines.Text()
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		m := purgedForm().FindStringSubmatch(line)
		if m == nil {
			return &Damage{File: PurgedFile, Line: n, Err: casefile.Errorf("is not the line of a purged complaint")}
		}
		p, err := parsePurgedLine(n, casefile.ID(m[2]), m[1])
		if err == nil {
			err = take(p, m[1])
		}
		if err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return &Damage{File: PurgedFile, Line: n + 1, Err: casefile.Errorf("is not the line of a purged complaint")}
	} else if err := lines.Err(); err != nil {
		return &Damage{File: PurgedFile, Err: err}
	}
	return nil
}

// Purged returns the IDs of the cases that were purged, but for those of which that
// was taken back. The error is a *Damage if a line cannot be read; as long as it is
// there, no number can be given out.
func (r *Register) Purged() ([]casefile.ID, error) {
	lines, err := r.PurgedLines()
	return idsOf(lines), err
}

func idsOf(lines []PurgedLine) (ids []casefile.ID) {
	for _, p := range lines {
		ids = append(ids, p.ID)
	}
	return ids
}

// decodePurged reads what stands in line n of purged.yaml. Keys that it does
// not know are passed over: a case that was removed for another reason than its
// age has more to tell.
func decodePurged(n int, line string) (deadlines.Record, *Damage) {
	var rec deadlines.Record
	root, damage := strict.Document(PurgedFile, []byte(line))
	if damage != nil {
		damage.Line = n
		return rec, damage
	}
	d := strict.Reader{File: PurgedFile}
	erased := false
	d.Mapping(root, func(key string, v *yaml.Node) bool {
		switch key {
		case "id":
			rec.ID = casefile.ID(d.Text(v))
		case "received":
			rec.Received = d.Date(v)
		case "spoken":
			rec.Spoken = d.Date(v)
		case "about":
			rec.About = d.Text(v)
		case "policy":
			rec.Version = d.Date(v)
		case "promises":
			for _, n := range d.Items(v) {
				rec.Promises = append(rec.Promises, resultIn(&d, n))
			}
		case "steps":
			for _, n := range d.Items(v) {
				rec.Steps = append(rec.Steps, milestoneIn(&d, n))
			}
		case "purged":
			rec.Gone = d.Date(v)
		case "until":
			rec.Until = d.Date(v)
		case "erased":
			rec.Erased, erased = d.Text(v), true
		}
		return true
	})
	unknown := erased && rec.Began().IsZero() && rec.Version.IsZero() // it could not be read when it went
	if d.Wrong == nil && !unknown && (rec.Began().IsZero() || rec.Version.IsZero() || !rec.Received.IsZero() && !rec.Spoken.IsZero()) {
		d.Fail(root, casefile.Errorf("is not the line of a purged complaint"))
	}
	if d.Wrong != nil {
		d.Wrong.Line = n
	}
	return rec, d.Wrong
}

// resultIn reads how a promise stood: acknowledge on-time 2 2 letter, or hear late.
// Older lines have no calendar days, and no words after the numbers.
func resultIn(r *strict.Reader, n *yaml.Node) deadlines.Result {
	words := strings.Fields(r.Text(n))
	bad := func() deadlines.Result {
		r.Fail(n, casefile.Errorf("%q is not how a promise stood", n.Value).WithHint("write it like acknowledge on-time 2"))
		return deadlines.Result{}
	}
	if len(words) < 2 {
		return bad()
	}
	pr := deadlines.Result{Term: deadlines.Name(words[0]), Verdict: deadlines.Verdict(words[1]), Workdays: -1, Days: -1}
	if !slices.Contains(deadlines.Verdicts(), pr.Verdict) || pr.Term != deadlines.Extend && !slices.Contains(deadlines.TermNames(), pr.Term) {
		return bad()
	}
	words = words[2:]
	for _, to := range []*int{&pr.Workdays, &pr.Days} {
		if len(words) == 0 {
			break
		}
		if days, err := strconv.Atoi(words[0]); err == nil && days >= -1 {
			*to, words = days, words[1:]
		}
	}
	for _, word := range words {
		switch proof := deadlines.Proof(word); {
		case word == "returned":
			pr.Returned = true
		case word == "beyond":
			pr.Beyond = true
		case slices.Contains(deadlines.Proofs(), proof):
			pr.Proof = proof
		default:
			return bad()
		}
	}
	if pr.Verdict == deadlines.Open || pr.Verdict == deadlines.Overdue {
		pr.Workdays, pr.Days = -1, -1
	}
	return pr
}

// milestoneIn reads a step with its day: closed 2020-03-05 agreed.
func milestoneIn(r *strict.Reader, n *yaml.Node) deadlines.Milestone {
	words := strings.Fields(r.Text(n))
	if r.Wrong == nil && len(words) >= 2 {
		m := deadlines.Milestone{Step: casefile.Step(words[0])}
		on, err := casefile.ParseDate(words[1])
		m.On = on
		known, more := err == nil && slices.Contains(deadlines.Milestones(), m.Step), words[2:]
		switch {
		case !known:
		case m.Step == casefile.Closed && len(more) == 1 && slices.Contains(casefile.Outcomes(), casefile.Outcome(more[0])):
			m.Outcome = casefile.Outcome(more[0])
			return m
		case m.Step == casefile.Ruled && len(more) == 1 && more[0] == string(casefile.FieldNothingToDo):
			m.NothingToDo = true
			return m
		case m.Step != casefile.Closed && len(more) == 0:
			return m
		}
	}
	r.Fail(n, casefile.Errorf("%q is not a step with its day", n.Value).WithHint("write it like closed 2020-03-05 agreed"))
	return deadlines.Milestone{}
}
