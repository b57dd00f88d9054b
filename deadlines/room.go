package deadlines

import (
	casefile "klacht/case"
)

// Room says how far handling can be extended.
type Room struct {
	Due    casefile.Date // the date that runs; zero if none does
	None   bool          // the policy knows no extension
	TellBy casefile.Date // the last day on which it is told in time; zero if nothing limits it
	Latest casefile.Date // the last date that it can name; zero if nothing limits it
}

// RoomOf returns what an extension of a case can be on the day today. A spoken
// complaint, which promises nothing, has all room.
func RoomOf(c *casefile.Case, p *Policy, today casefile.Date) Room {
	return read(c, p, today).room()
}

func (b *book) room() Room {
	if b.version == nil {
		return Room{}
	}
	r := Room{Due: b.due(), None: b.version.Extension.None}
	r.TellBy = b.tellBy(r.Due)
	if x := b.version.Extension; !x.None && !x.More {
		r.Latest = b.version.latest(b.start, r.Due) // holds also before a term for handling runs
	}
	for i := range b.rows {
		if row := &b.rows[i]; row.Running() && row.Term.handling() {
			first := row.First
			if first.IsZero() {
				first = row.Due
			}
			if last := b.version.latest(b.start, first); r.Latest.IsZero() || last.Before(r.Latest) {
				r.Latest = last
			}
		}
	}
	return r
}
