package casefile_test

import (
	"testing"
	"time"

	casefile "klacht/case"
)

func TestSkippedHourKeepsItsDay(t *testing.T) {
	m, err := casefile.ParseMoment("2026-03-08T00:30", zone(t, "America/Havana"))
	if err != nil || m.Date.String() != "2026-03-08" {
		t.Errorf("%s on %s, %v", m, m.Date, err)
	}
}

func TestYearAtTheEdge(t *testing.T) {
	m, err := casefile.ParseMoment("9998-12-31T23:30:00Z", zone(t, "Europe/Amsterdam"))
	if err != nil {
		return
	}
	if _, err := casefile.ParseMoment(m.String(), zone(t, "Europe/Amsterdam")); err != nil {
		t.Error(err)
	}
	_ = time.UTC
}
