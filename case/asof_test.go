package casefile

import "testing"

// As of a day a case has what had happened by then, in whatever order it stands in
// the file, and its state can be told.
func TestACaseAsOfADay(t *testing.T) {
	at := func(s string) Moment {
		d, err := ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return Moment{Date: d}
	}
	c := Case{Received: at("2026-03-02").Date, Log: []Entry{
		{At: at("2026-03-01"), Step: Spoken},
		{At: at("2026-03-20"), Step: Closed, Outcome: Agreed, Mail: "02-closed.eml"},
		{At: at("2026-03-02"), Step: Received},
		{At: at("2026-03-21"), Step: Undelivered, Letter: "02-closed.eml"},
		{At: at("2026-03-25"), Step: Closed, Outcome: Withdrawn},
	}}
	for _, tt := range []struct {
		day     string
		steps   int
		status  Status
		outcome Outcome
	}{
		{"2026-03-01", 1, StatusSpoken, ""},
		{"2026-03-02", 2, StatusOpen, ""},
		{"2026-03-20", 3, StatusClosed, Agreed},
		{"2026-03-21", 4, StatusOpen, ""},
		{"2027-01-01", 5, StatusClosed, Withdrawn},
	} {
		as, ok := c.AsOf(at(tt.day).Date)
		s, err := as.State()
		closing, _ := as.Closing()
		if !ok || err != nil || len(as.Log) != tt.steps || s.Status() != tt.status || closing.Outcome != tt.outcome {
			t.Errorf("%s: %d steps, %s, %q, %v", tt.day, len(as.Log), s.Status(), closing.Outcome, err)
		}
		if as.Received.IsZero() != (s.Status() == StatusSpoken) {
			t.Errorf("%s: received %s", tt.day, as.Received)
		}
	}
	if _, ok := c.AsOf(at("2026-02-28").Date); ok || len(c.Log) != 5 {
		t.Error("a case before it began")
	}
}
