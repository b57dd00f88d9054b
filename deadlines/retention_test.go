package deadlines_test

import (
	"testing"

	"klacht/deadlines"
)

// R14: five years from the last closing, to the same day five years on.
func TestHowLongACaseIsKept(t *testing.T) {
	for _, c := range []struct{ what, archive, story, from, until string }{
		{"closed", "5 years", "received 2026-03-02; closed 2026-03-30", "2026-03-30", "2031-03-30"},
		{"29 February has none five years on", "5 years", "received 2024-02-01; closed 2024-02-29", "2024-02-29", "2029-02-28"},
		{"29 February to 29 February", "4 years", "received 2024-02-01; closed 2024-02-29", "2024-02-29", "2028-02-29"},
		{"28 February to a leap year", "5 years", "received 2023-02-01; closed 2023-02-28", "2023-02-28", "2028-02-28"},
		{"a Sunday does not roll", "5 years", "received 2026-03-02; closed 2026-03-29", "2026-03-29", "2031-03-29"},
		{"what comes after closing does not count", "5 years", "received 2026-03-02; closed 2026-03-30; noted 2027-01-01; replied 2027-01-02", "2026-03-30", "2031-03-30"},
		{"closed again", "5 years", "received 2026-03-02; closed 2026-03-30; reopened 2026-04-01; closed 2026-04-20", "2026-04-20", "2031-04-20"},
		{"a ruling carried out", "5 years", "received 2026-03-02; closed 2026-03-30; referred 2026-04-01; ruled 2026-05-04; complied 2026-05-06", "2026-05-06", "2031-05-06"},
		{"declined by the body", "5 years", "received 2026-03-02; closed 2026-03-30; referred 2026-04-01; declined 2026-05-04", "2026-03-30", "2031-03-30"},
		{"on hold it still ends", "5 years", "received 2026-03-02; closed 2026-03-30; held 2026-04-01 review=2026-09-01", "2026-03-30", "2031-03-30"},
		{"spoken", "5 years", "spoken 2026-03-02; closed 2026-03-30", "2026-03-30", "2031-03-30"},
		{"months", "1 month", "received 2026-01-02; closed 2026-01-31", "2026-01-31", "2026-02-28"},
		{"working days", "5 workdays", "received 2026-03-02; closed 2026-04-01", "2026-04-01", "2026-04-09"},
		{"counted from the conversation", "1 year after heard", "received 2026-03-02; heard 2026-03-10; closed 2026-03-30", "2026-03-10", "2027-03-10"},
		{"the last conversation", "1 year after heard", "received 2026-03-02; heard 2026-03-10; heard 2026-03-20; closed 2026-03-30", "2026-03-20", "2027-03-20"},
		{"there was no conversation", "1 year after heard", "received 2026-03-02; closed 2026-03-30", "2026-03-30", "2027-03-30"},
		{"unlimited", "unlimited", "received 2026-03-02; closed 2026-03-30", "2026-03-30", "unlimited"},
		{"open", "5 years", "received 2026-03-02", "", "open"},
		{"reopened", "5 years", "received 2026-03-02; closed 2026-03-30; reopened 2026-04-01", "", "open"},
		{"with a body", "5 years", "received 2026-03-02; closed 2026-03-30; referred 2026-04-01", "", "open"},
		{"with a ruling to carry out", "5 years", "received 2026-03-02; closed 2026-03-30; referred 2026-04-01; ruled 2026-04-02", "", "open"},
	} {
		x, s := story(t, c.story)
		k := deadlines.Retention(x, s, policy(t, "close 4 weeks; archive "+c.archive))
		until := k.Until.String()
		if k.Unlimited {
			until += "unlimited"
		}
		if !k.Settled {
			until += "open"
		}
		if k.From.String() != c.from || until != c.until {
			t.Errorf("%s: from %s until %s, want from %s until %s", c.what, k.From, until, c.from, c.until)
		}
	}
}

// Default 11: retention, too, is that of the text in force on receipt.
func TestRetentionOfTheDayOfReceipt(t *testing.T) {
	p := policy(t, "close 4 weeks; archive 5 years")
	p.Versions = append(p.Versions, policy(t, "close 4 weeks; archive 2 years").Versions[0])
	p.Versions[1].From = day(t, "2026-03-10")
	for _, c := range []struct{ story, until string }{
		{"received 2026-03-09; closed 2026-03-30", "2031-03-30"},
		{"received 2026-03-10; closed 2026-03-30", "2028-03-30"},
		{"spoken 2026-03-09; closed 2026-03-30", "2031-03-30"},
		{"spoken 2026-03-09; received 2026-03-10; closed 2026-03-30", "2028-03-30"},
	} {
		x, s := story(t, c.story)
		if got := deadlines.Retention(x, s, p).Until.String(); got != c.until {
			t.Errorf("%s: until %s, want %s", c.story, got, c.until)
		}
	}
}

// Default 10: every reason to keep a case, and the first day without one. That
// a case cannot be read is for the store to say.
func TestWhenACaseMayBePurged(t *testing.T) {
	const closed = "received 2024-02-01; closed 2024-02-29"
	seen := map[deadlines.KeepReason]bool{deadlines.KeepDamaged: true}
	for _, c := range []struct {
		archive, story, today string
		want                  deadlines.KeepReason
	}{
		{"5 years", closed, "2024-02-29", deadlines.KeepRetention},
		{"5 years", closed, "2029-02-27", deadlines.KeepRetention},
		{"5 years", closed, "2029-02-28", deadlines.KeepRetention},
		{"5 years", closed, "2029-03-01", deadlines.Purgeable},
		{"5 years", closed, "2060-01-01", deadlines.Purgeable},
		{"unlimited", closed, "2060-01-01", deadlines.KeepUnlimited},
		{"5 years", "spoken 2024-02-01", "2060-01-01", deadlines.KeepOpen},
		{"5 years", "received 2024-02-01", "2060-01-01", deadlines.KeepOpen},
		{"5 years", closed + "; reopened 2024-03-01", "2060-01-01", deadlines.KeepOpen},
		{"unlimited", "received 2024-02-01", "2060-01-01", deadlines.KeepOpen},
		{"5 years", closed + "; referred 2024-03-01", "2060-01-01", deadlines.KeepBody},
		{"5 years", closed + "; referred 2024-03-01; admitted 2024-03-02", "2060-01-01", deadlines.KeepBody},
		{"5 years", "received 2024-02-01; referred 2024-03-01", "2060-01-01", deadlines.KeepBody},
		{"5 years", closed + "; referred 2024-03-01; declined 2024-03-04", "2060-01-01", deadlines.Purgeable},
		{"5 years", closed + "; referred 2024-03-01; ruled 2024-03-04", "2060-01-01", deadlines.KeepRuling},
		{"5 years", closed + "; referred 2024-03-01; ruled 2024-03-04; complied 2024-03-05", "2029-03-05", deadlines.KeepRetention},
		{"5 years", closed + "; referred 2024-03-01; ruled 2024-03-04; complied 2024-03-05", "2029-03-06", deadlines.Purgeable},
		{"5 years", closed + "; held 2024-03-01 review=2025-01-01", "2060-01-01", deadlines.KeepHold},
		{"5 years", closed + "; held 2024-03-01 review=2025-01-01; released 2025-01-01", "2060-01-01", deadlines.Purgeable},
		{"5 years", "received 2024-02-01; held 2024-02-02 review=2025-01-01", "2060-01-01", deadlines.KeepOpen},
		{"5 years", closed + "; reopened 2024-03-01; closed 2024-03-31", "2029-03-31", deadlines.KeepRetention},
		{"5 years", closed + "; reopened 2024-03-01; closed 2024-03-31", "2029-04-01", deadlines.Purgeable},
	} {
		x, s := story(t, c.story)
		k := deadlines.Retention(x, s, policy(t, "close 4 weeks; archive "+c.archive))
		if got := deadlines.MayPurge(s, k, day(t, c.today)); got != c.want {
			t.Errorf("%s (%s) on %s: %q, want %q", c.story, c.archive, c.today, got, c.want)
		}
		seen[c.want] = true
	}
	for _, r := range []deadlines.KeepReason{deadlines.Purgeable, deadlines.KeepOpen, deadlines.KeepBody, deadlines.KeepRuling,
		deadlines.KeepHold, deadlines.KeepRetention, deadlines.KeepUnlimited, deadlines.KeepDamaged} {
		if !seen[r] {
			t.Errorf("no line of the table keeps a case for the reason %q", r)
		}
	}
}

// Whatever Retention failed to say, a case that is not settled is kept.
func TestUnsettledIsNeverPurged(t *testing.T) {
	_, s := story(t, "received 2024-02-01; closed 2024-02-29")
	if got := deadlines.MayPurge(s, deadlines.Kept{}, day(t, "2060-01-01")); got != deadlines.KeepOpen {
		t.Errorf("got %q", got)
	}
}
