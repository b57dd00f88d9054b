//go:build mail

package outbox

import (
	"context"
	"strings"
	"testing"
	"time"

	"klacht/store/mailtest"
	"klacht/store/wire"
)

// postfix is a real one, which delivers to the complainant and to nobody else.
type postfix struct{ *mailtest.Server }

func startPostfix(t *testing.T, until time.Time) *postfix {
	t.Helper()
	return &postfix{mailtest.Start(t, mailtest.Options{SMTP: true, Until: until, Users: map[string]string{"mok": secret, complainant: "x"}})}
}

// at returns a way to send through the server.
func (s *postfix) at(mode, password string) *SMTP {
	port := map[string]int{wire.TLSDirect: s.SMTPS, wire.TLSStart: s.Submit}[mode]
	return &SMTP{wire.Server{Host: "localhost", Port: port, TLS: mode, User: "mok", Roots: s.Roots,
		Password: func(context.Context) (string, error) { return password, nil }}}
}

func TestRealServer(t *testing.T) {
	s := startPostfix(t, time.Now().Add(time.Hour))
	for i, mode := range []string{wire.TLSDirect, wire.TLSStart} {
		r := newReg(t)
		o := New(r, s.at(mode, secret))
		l := enqueue(t, o)
		sent, err := r.LetterMail(l)
		must(t, err)
		_, err = deliver(t, o, l.Name)
		must(t, err)
		wantRecorded(t, r, later, string(sent))
		mails := s.Mails(complainant, "", i+1)
		found := false
		for _, m := range mails { // what the server puts in front is its own
			found = found || strings.HasSuffix(m, strings.ReplaceAll(string(sent), "\r\n", "\n"))
		}
		if !found {
			t.Errorf("%s: did not arrive as it was sent:\n%s", mode, mails)
		}
	}
}

func TestRealServerRefuses(t *testing.T) {
	s := startPostfix(t, time.Now().Add(time.Hour))
	send := func(via *SMTP, to string) error {
		return via.Send(context.Background(), "klacht@mok.example", []string{to}, []byte(theRaw))
	}
	for _, mode := range []string{wire.TLSDirect, wire.TLSStart} {
		checkFailure(t, send(s.at(mode, "verkeerd"), complainant), wire.LoginRefused, "")
		checkFailure(t, send(s.at(mode, secret), "iemand@elders.example"), ToRefused, "")
		checkFailure(t, send(s.at(mode, secret), "niemand@voorbeeld.example"), ToRefused, "")
		foreign := s.at(mode, secret)
		foreign.Roots = nil
		checkFailure(t, send(foreign, complainant), wire.Certificate, "it was not issued by anyone that this machine trusts")
		other := s.at(mode, secret)
		other.Host = "127.0.0.1"
		checkFailure(t, send(other, complainant), wire.Certificate, "it is for another server")
	}
	swapped := s.at(wire.TLSDirect, secret)
	swapped.Port = s.Submit
	checkFailure(t, send(swapped, complainant), wire.NoEncryption, "it does not speak TLS here")
	if mails := s.Mails(complainant, "", 0); len(mails) > 0 {
		t.Errorf("arrived: %v", mails)
	}
}

func TestRealServerExpired(t *testing.T) {
	s := startPostfix(t, time.Now().Add(-time.Hour))
	for _, mode := range []string{wire.TLSDirect, wire.TLSStart} {
		err := s.at(mode, secret).Send(context.Background(), "klacht@mok.example", []string{complainant}, []byte(theRaw))
		checkFailure(t, err, wire.Certificate, "it has expired, or is not valid yet")
	}
}

func TestRealCommand(t *testing.T) {
	s := startPostfix(t, time.Now().Add(time.Hour))
	r := newReg(t)
	o := New(r, &Sendmail{Command: []string{"sendmail", "-C", s.Dir, "-t", "-i"}})
	l := enqueue(t, o)
	sent, err := r.LetterMail(l)
	must(t, err)
	_, err = deliver(t, o, l.Name)
	must(t, err)
	wantRecorded(t, r, later, string(sent))
	for _, m := range s.Mails(complainant, "", 1) {
		if !strings.Contains(m, "\nTo: Jolanda de Wit <"+complainant+">\n") || !strings.HasSuffix(m, "Je klacht is binnen.\n") {
			t.Errorf("%s", m)
		}
	}
}
