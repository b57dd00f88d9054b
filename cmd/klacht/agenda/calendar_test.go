package agenda

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	casefile "klacht/case"
)

// python returns a Python that has the icalendar of Debian's
// python3-icalendar, which reads what klacht writes with code of its own.
func python(t testing.TB) string {
	t.Helper()
	for _, p := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(p, "-c", "import icalendar").Run() == nil {
			return p
		}
	}
	t.Skip("no python3-icalendar here")
	return ""
}

const readCalendar = `
import sys, json, icalendar
raw = sys.stdin.buffer.read()
cal = icalendar.Calendar.from_ical(raw)
events = []
for e in cal.walk("VEVENT"):
    start = e["DTSTART"].dt
    at = str(start)
    events.append({"uid": str(e["UID"]), "start": at, "summary": str(e["SUMMARY"]), "text": str(e["DESCRIPTION"]),
      "names": sorted(e.keys()), "triggers": [str(a["TRIGGER"].dt.total_seconds()/3600) for a in e.walk("VALARM")], "errors": [str(x) for x in e.errors]})
json.dump({"names": sorted(cal.keys()), "events": events, "parts": sorted(set(c.name for c in cal.walk()))}, sys.stdout)
`

type readEvent struct {
	UID, Start, Summary, Text string
	Names, Triggers, Errors   []string
}

type readBack struct {
	Names, Parts []string
	Events       []readEvent
}

func readByPython(t testing.TB, data []byte) (r readBack) {
	t.Helper()
	c := exec.Command(python(t), "-c", readCalendar)
	c.Stdin = bytes.NewReader(data)
	var wrong bytes.Buffer
	c.Stderr = &wrong
	out, err := c.Output()
	if err != nil {
		t.Fatalf("it cannot be read: %v\n%s", err, wrong.String())
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func calendarOf(t testing.TB, zone string, events ...Event) (*Calendar, []byte) {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	c := &Calendar{Name: "Klachten", Zone: loc, Now: time.Date(2026, 12, 7, 7, 30, 0, 0, time.UTC), Domain: "x.klacht", Events: events}
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, b.Bytes())
	return c, b.Bytes()
}

// wellFormed fails the test unless every line is one of RFC 5545: at most 75
// bytes, ended by CRLF, without any other control character, and UTF-8 by
// itself.
func wellFormed(t testing.TB, data []byte) {
	t.Helper()
	for line := range bytes.Lines(data) {
		text, ok := bytes.CutSuffix(line, []byte("\r\n"))
		if !ok || len(text) > 75 || bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) || !bytes.Equal(text, bytes.ToValidUTF8(text, nil)) {
			t.Fatalf("not a line of a calendar (%d bytes): %q", len(text), line)
		}
	}
}

// Whatever a text says, the calendar has the same parts and properties, and the
// text is read back as it is. (A backslash before an n is not among them: this
// reader takes it for a line break.)
func TestNothingInATextIsCalendar(t *testing.T) {
	texts := []string{"gewoon", "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:kwaad\r\nATTACH:file:///etc/passwd", `komma, punt; streep \ en "aanhaling"`,
		strings.Repeat("é", 74) + " " + strings.Repeat("日", 100), strings.Repeat("x", 10<<20), "BEGIN:VALARM\nACTION:AUDIO", "", "<script>alert(1)</script>", "\x1b]0;x\x07\x1b[31m", "\u202etxt.exe", "{{.}}", "%s%n"}
	var events []Event
	for i, text := range texts {
		events = append(events, Event{Key: fmt.Sprint(i), Day: day(t, "2026-12-18"), Warn: day(t, "2026-12-17"), Summary: text, Text: text})
	}
	_, data := calendarOf(t, "Europe/Amsterdam", events...)
	got := readByPython(t, data)
	if len(got.Events) != len(texts) || fmt.Sprint(got.Parts) != "[VALARM VCALENDAR VEVENT]" ||
		fmt.Sprint(got.Names) != "[METHOD PRODID REFRESH-INTERVAL VERSION X-PUBLISHED-TTL X-WR-CALNAME]" {
		t.Fatalf("a calendar of %d events with %v and %v", len(got.Events), got.Parts, got.Names)
	}
	for i, e := range got.Events {
		if fmt.Sprint(e.Names) != fmt.Sprint(got.Events[0].Names) {
			t.Errorf("%.60q makes an event with %v", texts[i], e.Names)
		}
		if e.UID != fmt.Sprintf("%d@x.klacht", i) || e.Summary != casefile.Heading(texts[i]) || e.Text != casefile.Plain(texts[i]) || len(e.Errors) > 0 {
			t.Errorf("%.60q is read back as %.200q and %.200q %v", texts[i], e.Summary, e.Text, e.Errors)
		}
	}
}

// An alarm of a whole day sounds at nine on the day that it names, over a
// weekend too; that of an appointment as well, over the end of summer time.
func TestAlarms(t *testing.T) {
	zone, _ := time.LoadLocation("Europe/Amsterdam")
	_, data := calendarOf(t, "Europe/Amsterdam",
		Event{Key: "a", Day: day(t, "2026-12-08"), Warn: day(t, "2026-12-07")},
		Event{Key: "b", Day: day(t, "2026-12-07"), Warn: day(t, "2026-12-04")},
		Event{Key: "c", Day: day(t, "2026-12-07")},
		Event{Key: "d", Day: day(t, "2026-10-26"), At: time.Date(2026, 10, 26, 14, 0, 0, 0, zone), Warn: day(t, "2026-10-23")},
	)
	r := readByPython(t, data)
	for i, want := range []string{"[-15.0]", "[-63.0]", "[]", "[-78.0 -1.0]"} { // 78: three days, five hours, and the hour of the clock
		if got := fmt.Sprint(r.Events[i].Triggers); got != want {
			t.Errorf("event %d has alarms at %s hours instead of %s", i, got, want)
		}
	}
}

// An appointment is read as the moment that it is, wherever the firm is.
func TestZones(t *testing.T) {
	for _, zone := range []string{"Europe/Amsterdam", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		var events []Event
		for at := time.Date(2026, 1, 3, 14, 0, 0, 0, loc); at.Year() < 2027; at = at.AddDate(0, 0, 11) {
			events = append(events, Event{Key: fmt.Sprint(len(events)), Day: casefile.DateOf(at), At: at})
		}
		_, data := calendarOf(t, zone, events...)
		r := readByPython(t, data)
		if len(r.Events) != len(events) {
			t.Fatalf("%s: %d of %d events were read", zone, len(r.Events), len(events))
		}
		for i, e := range r.Events {
			got, err := time.Parse(time.RFC3339, strings.Replace(e.Start, " ", "T", 1))
			if err != nil || !got.Equal(events[i].At) {
				t.Fatalf("%s is read as %s", events[i].At, e.Start)
			}
		}
	}
}

func day(t testing.TB, s string) casefile.Date {
	t.Helper()
	d, err := casefile.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
