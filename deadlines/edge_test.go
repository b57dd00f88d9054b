package deadlines_test

import (
	"testing"

	casefile "klacht/case"
	"klacht/deadlines"
)

func TestNoticeAfterReopening(t *testing.T) {
	checkPromises(t, "close 4 weeks; notice 2 weeks; archive 5 years", []promiseCase{
		{"two weeks from the reopening", "received 2026-03-02; closed 2026-03-20; reopened 2026-04-01; extended 2026-04-10 until=2026-06-01", "2026-04-10",
			"close 2026-03-30 on-time 2026-03-20, extend 2026-04-15 on-time 2026-04-10, close 2026-06-01 open"},
	})
}

func TestExtensionBeforeTheHearingCounts(t *testing.T) {
	checkPromises(t, "hear 6 weeks; decide 6 weeks after heard; archive 5 years", []promiseCase{
		{"told before the hearing", "received 2026-03-02; extended 2026-03-10 until=2026-07-01; heard 2026-03-30", "2026-03-30",
			"hear 2026-04-13 on-time 2026-03-30, decide 2026-07-01 open"},
	})
}

func TestRulingEndsAnAppointment(t *testing.T) {
	checkActions(t, policy(t, published), []actionCase{
		{"invited, then ruled", "received 2026-03-02; invited 2026-03-04 when=2026-03-14; referred 2026-03-05; ruled 2026-03-10", "2026-03-16", "comply 2026-03-17 upcoming 1"},
	})
}

func TestOpenCaseIsNeverOutOfSight(t *testing.T) {
	x, s := story(t, "received 2026-03-02; proposed 2026-03-03")
	if len(actionsOf(t, x, s)) == 0 {
		t.Error("an open case of a procedure without a close term has no action at all")
	}
}

func actionsOf(t *testing.T, x *casefile.Case, s casefile.State) []deadlines.Action {
	return deadlines.Actions(x, s, policy(t, "acknowledge 5 days; inform 14 days; archive 5 years"), day(t, "2026-06-01"))
}
