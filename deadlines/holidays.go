package deadlines

import (
	"strings"
	"time"

	casefile "klacht/case"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/nl"
)

// The Algemene termijnenwet (art. 3) names these nine; rickar/cal lists just
// them as the holidays of the Netherlands.
const allNine = "algemene termijnenwet"

// holidayNamed holds the holidays that a policy can list, by their names in
// lower case. Their observed date is the one that counts: Koningsdag is
// celebrated on 26 April where the 27th is a Sunday.
var holidayNamed = func() map[string]*cal.Holiday {
	m := map[string]*cal.Holiday{}
	for _, h := range append([]*cal.Holiday{nl.EerstePaasdag, nl.EerstePinksterDag}, nl.Holidays...) {
		m[strings.ToLower(h.Name)] = h
	}
	return m
}()

// HolidayNames returns the names that a policy can list, in the order of the
// year, and last the one word for all nine of the Algemene termijnenwet.
func HolidayNames() []string {
	return []string{"nieuwjaarsdag", "goede vrijdag", "eerste paasdag", "tweede paasdag", "koningsdag",
		"bevrijdingsdag", "hemelvaartsdag", "eerste pinksterdag", "tweede pinksterdag",
		"eerste kerstdag", "tweede kerstdag", allNine}
}

// DefaultHolidays returns the holidays that nobody disputes.
func DefaultHolidays() []string {
	return []string{"nieuwjaarsdag", "tweede paasdag", "koningsdag", "hemelvaartsdag", "tweede pinksterdag",
		"eerste kerstdag", "tweede kerstdag"}
}

// CheckHoliday refuses a name that is not one of those that a policy can list.
func CheckHoliday(name string) error {
	_, err := holidays([]string{name})
	return err
}

// holidays looks up names; case and hyphens do not matter.
func holidays(names []string) ([]*cal.Holiday, error) {
	var list []*cal.Holiday
	for _, name := range names {
		key := strings.Join(strings.Fields(strings.ReplaceAll(strings.ToLower(name), "-", " ")), " ")
		if key == allNine {
			list = append(list, nl.Holidays...)
			continue
		}
		h, ok := holidayNamed[key]
		if !ok {
			return nil, casefile.Errorf("%q is not a holiday that klacht knows", name).
				WithHint("it knows %s; any other day can be listed under closed", strings.Join(HolidayNames(), ", "))
		}
		list = append(list, h)
	}
	return list, nil
}

// The library makes its dates at midnight of a zone that is its own variable;
// where the clock skips midnight in that zone, as on the Azores in March, a
// holiday would fall on the day before. In UTC it cannot.
func init() { cal.DefaultLoc = time.UTC }

// holidayDates returns the days of the year on which the holidays are
// celebrated, with their names.
func holidayDates(list []*cal.Holiday, year int) map[casefile.Date]string {
	m := map[casefile.Date]string{}
	for _, h := range list {
		if _, observed := h.Calc(year); !observed.IsZero() {
			m[casefile.DateOf(observed)] = h.Name
		}
	}
	return m
}
