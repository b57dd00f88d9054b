package casefile

// Status is where a case stands, in one word.
type Status string

// The statuses. A case on hold keeps its status; see [State].Hold.
const (
	StatusSpoken   Status = "spoken"   // voiced, not yet in writing
	StatusOpen     Status = "open"     // received, being handled
	StatusClosed   Status = "closed"   // handled; kept until its retention ends
	StatusReferred Status = "referred" // lies with a body, which has not said yet whether it takes it
	StatusAdmitted Status = "admitted" // a body handles it
	StatusRuled    Status = "ruled"    // there is a ruling to carry out
	StatusMoved    Status = "moved"    // a part of another complaint
)

// Statuses returns every status.
func Statuses() []Status {
	return []Status{StatusSpoken, StatusOpen, StatusClosed, StatusReferred, StatusAdmitted, StatusRuled, StatusMoved}
}

// State is what follows from a log.
type State struct {
	Written   bool   // the complaint is there in writing
	Closed    bool   // closed, and not reopened since; a ruling that was carried out closes too
	Committee Status // StatusReferred, StatusAdmitted or StatusRuled while a body is involved, else ""
	Referral  Entry  // the running referral, if Committee is not ""
	Ruling    Entry  // the ruling to carry out, if Committee is StatusRuled
	Hold      *Entry // the running hold, or nil

	Appointment *Entry // the last one that was not held yet nor called off, or nil
	Unread      *Entry // the first reply after which nothing was written down, or nil
	Moved       ID     // the complaint that it is a part of; "" if it is one of its own
	Settled     Date   // of the last closing, or of carrying out a ruling, whichever is later; zero if neither
	steps       map[Step]bool
	letters     map[string]Step // what the mails of ours carried out, by their names
	ending      *ending         // the last closing or carrying out of a ruling, while it can still be undone
}

// ending is how a case stood before the letter that ended it.
type ending struct {
	letter  string
	closed  bool
	settled Date
}

// Status returns the one word for the state.
func (s State) Status() Status {
	switch {
	case s.Moved != "":
		return StatusMoved
	case s.Committee != "":
		return s.Committee
	case s.Closed:
		return StatusClosed
	case !s.Written:
		return StatusSpoken
	}
	return StatusOpen
}

// Archivable reports whether nothing is left to do or to watch: closed, not
// with a body, no ruling to carry out, not on hold, no reply that nobody has
// read. Such a case belongs in the archive.
func (s State) Archivable() bool {
	return s.Closed && s.Committee == "" && s.Hold == nil && s.Unread == nil
}

// OrderError says that an entry cannot stand where it stands.
type OrderError struct {
	Index int // of the entry in the log, from 0
	Err   *Error
}

func (e *OrderError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong with the entry.
func (e *OrderError) Unwrap() error { return e.Err }

// State derives the state from the log, read in order of time. Its error is an
// *OrderError that names the first entry that cannot follow what came before.
func (c *Case) State() (State, error) {
	s := State{steps: map[Step]bool{}, letters: map[string]Step{}}
	if len(c.Log) == 0 {
		return s, &OrderError{0, Errorf("the log is empty")}
	}
	for _, e := range c.InOrder() {
		if err := s.take(e.Entry); err != nil {
			return s, &OrderError{e.Index, err}
		}
	}
	if s.Moved == "" {
		s.Unread = c.unread()
	}
	return s, nil
}

// unread returns the first reply that stands below all other steps in the file:
// whatever was written down after it, a note or a letter, says that it was read.
func (c *Case) unread() *Entry {
	var first *Entry
	for i := len(c.Log) - 1; i >= 0; i-- {
		switch e := &c.Log[i]; e.Step {
		case Replied:
			first = e
		case Undelivered:
		default:
			return first
		}
	}
	return first
}

// Allows returns nil if the entry may follow, and otherwise what is in its way.
// The entry may lie in the past; it is then looked at in its place. With a case that is
// a part of another nothing is done any more, but for a note.
func (c *Case) Allows(e Entry) error {
	if s, err := c.State(); err == nil && s.Moved != "" && e.Step != Noted {
		return Errorf("it is a part of %s", s.Moved).WithHint("do it there: %s", s.Moved)
	}
	with := *c
	with.Log = append(append([]Entry(nil), c.Log...), e)
	_, err := with.State()
	return err
}

// take moves the state on by one entry, or says why it cannot.
func (s *State) take(e Entry) *Error {
	if s.Moved != "" { // what another machine did meanwhile counts for nothing
		return nil
	}
	if err := s.refuse(e.Step); err != nil {
		return err
	}
	if e.Step == Undelivered {
		return s.undo(e.Letter)
	}
	s.steps[e.Step] = true
	if e.Mail != "" && !e.Step.Incoming() {
		s.letters[e.Mail] = e.Step
	}
	switch e.Step {
	case Received:
		s.Written = true
	case Invited:
		s.Appointment = &e
	case CalledOff, Heard:
		s.Appointment = nil
	case Closed:
		s.ending = &ending{e.Mail, s.Closed, s.Settled}
		s.Closed, s.Settled, s.Appointment = true, e.At.Date, nil
	case Reopened:
		s.Closed, s.ending, s.Appointment = false, nil, nil
	case Referred:
		s.Committee, s.Referral = StatusReferred, e
		if s.steps[Complied] {
			s.ending = nil
		}
	case Admitted:
		s.Committee = StatusAdmitted
	case Declined:
		s.Committee = ""
	case Ruled:
		s.Committee, s.Ruling, s.Appointment = StatusRuled, e, nil
		if e.NothingToDo {
			s.Committee, s.Closed, s.Settled, s.ending = "", true, e.At.Date, nil
		}
	case Complied:
		s.ending = &ending{e.Mail, s.Closed, s.Settled}
		s.Committee, s.Closed, s.Settled = "", true, e.At.Date
	case Moved:
		s.Moved, s.Closed, s.Settled, s.Committee, s.Appointment, s.Hold = ID(e.To), true, e.At.Date, "", nil, nil
	case Held:
		s.Hold = &e
	case Released:
		s.Hold = nil
	}
	return nil
}

// undo takes back what a letter did that has come back. Later steps stand: a
// case that was reopened since then is open in any case.
func (s *State) undo(letter string) *Error {
	step, ok := s.letters[letter]
	if !ok {
		return Errorf("no step before it has the letter %q", letter)
	}
	if s.Appointment != nil && s.Appointment.Mail == letter {
		s.Appointment = nil
	}
	switch {
	case step == Acknowledged:
		delete(s.steps, Acknowledged)
	case s.ending == nil || s.ending.letter != letter:
	case step == Closed:
		s.Closed, s.Settled, s.ending = s.ending.closed, s.ending.settled, nil
	case step == Complied:
		s.Closed, s.Settled, s.Committee, s.ending = s.ending.closed, s.ending.settled, StatusRuled, nil
	}
	return nil
}

// refuse says why a step cannot be taken now, or returns nil.
func (s *State) refuse(step Step) *Error {
	first := len(s.steps) == 0
	if first && step != Spoken && step != Received {
		return Errorf("%s comes before the complaint itself", step)
	}
	switch step {
	case Spoken:
		if s.steps[Spoken] {
			return Errorf("the complaint was voiced already")
		}
		if !first && !s.Written {
			return Errorf("a step is dated before the complaint was voiced")
		}
	case Received:
		if s.Written {
			return Errorf("the complaint has already been received")
		}
		if s.Closed {
			return Errorf("the complaint is closed").WithHint("`klacht reopen` takes it up again")
		}
	case Noted, Replied, Undelivered, Wrote, Held, Moved:
	case CalledOff:
		if s.Appointment == nil {
			return Errorf("there is no appointment to call off").WithHint("`klacht invite` makes one")
		}
	case Released:
		if s.Hold == nil {
			return Errorf("the complaint is not on hold")
		}
	case Reopened:
		if !s.Closed {
			return Errorf("the complaint is not closed")
		}
		if s.Committee == StatusRuled {
			return Errorf("there is a ruling, and it binds").WithHint("`klacht comply` records that it was carried out")
		}
	case Referred:
		if !s.Written {
			return errSpoken()
		}
		if s.Committee != "" {
			return Errorf("the complaint already lies with a body")
		}
	case Admitted:
		if s.Committee != StatusReferred {
			return errNotReferred(s.Committee)
		}
	case Declined, Ruled:
		if s.Committee != StatusReferred && s.Committee != StatusAdmitted {
			return errNotReferred(s.Committee)
		}
	case Complied:
		if s.Committee != StatusRuled {
			return Errorf("there is no ruling to carry out").WithHint("`klacht ruling` records one")
		}
	case Closed:
		if s.Closed {
			return Errorf("the complaint is already closed")
		}
		if s.Committee == StatusRuled {
			return Errorf("there is a ruling, and it binds").WithHint("`klacht comply` records that it was carried out")
		}
	default:
		return s.refuseHandling(step)
	}
	return nil
}

// refuseHandling says why a step of handling an open complaint (asked,
// acknowledged, proposed, invited, heard, extended) cannot be taken now.
func (s *State) refuseHandling(step Step) *Error {
	switch {
	case s.Closed:
		return Errorf("the complaint is closed").WithHint("`klacht reopen` takes it up again")
	case s.Committee == StatusRuled:
		return Errorf("there is a ruling, and it binds").WithHint("`klacht comply` records that it was carried out")
	case !s.Written && step != Heard && step != Asked:
		return errSpoken()
	case step == Acknowledged && s.steps[Acknowledged]:
		return Errorf("receipt has already been confirmed")
	}
	return nil
}

func errSpoken() *Error {
	return Errorf("the complaint has only been spoken, so no term runs yet").
		WithHint("`klacht new MAIL` records it when it comes in")
}

func errNotReferred(committee Status) *Error {
	if committee == "" {
		return Errorf("the complaint does not lie with a body").WithHint("`klacht refer` records that it was referred")
	}
	return Errorf("the body has already decided on this complaint")
}
