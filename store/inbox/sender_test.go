package inbox_test

import (
	"strings"
	"testing"

	"klacht/store/inbox"
)

func TestSender(t *testing.T) {
	tests := []struct{ what, header, name, email string }{
		{"bare", "From: jan@klant.example", "", "jan@klant.example"},
		{"in angle brackets", "From: <jan@klant.example>", "", "jan@klant.example"},
		{"with a name", "From: Jan Bakker <jan@klant.example>", "Jan Bakker", "jan@klant.example"},
		{"quoted", `From: "Bakker, Jan" <jan@klant.example>`, "Jan Bakker", "jan@klant.example"},
		{"a comma without quotes", "From: Bakker, Jan <jan@klant.example>", "Jan Bakker", "jan@klant.example"},
		{"an @ in the name", "From: Jan @ Bakkerij <jan@klant.example>", "Jan @ Bakkerij", "jan@klant.example"},
		{"an unknown character set", "From: =?x-onbekend?Q?Jan?= <jan@klant.example>", "", "jan@klant.example"},
		{"name as a comment", "From: jan@klant.example (Jan Bakker)", "Jan Bakker", "jan@klant.example"},
		{"several: the first", "From: jan@klant.example, piet@klant.example", "", "jan@klant.example"},
		{"several: the first that is one", "From: jan@[192.0.2.1]x, piet@klant.example", "", ""},
		{"a group", "From: Bakkers: Jan <jan@klant.example>, piet@klant.example;", "Jan", "jan@klant.example"},
		{"an empty group, and Sender", "From: onbekend:;\nSender: jan@klant.example", "", "jan@klant.example"},
		{"Sender only", "Sender: Jan <jan@klant.example>", "Jan", "jan@klant.example"},
		{"two From headers: the first", "From: jan@klant.example\nFrom: piet@klant.example", "", "jan@klant.example"},
		{"Reply-To of a stranger does not count", "From: jan@klant.example\nReply-To: piet@klant.example", "", "jan@klant.example"},
		{"an address inside an encoded name does not count", "From: =?utf-8?Q?Jan_=3Ceen=40ander.example=3E,?= <jan@klant.example>", "Jan <een@ander.example>,", "jan@klant.example"},

		{"none", "Subject: hoi", "", ""},
		{"empty", "From:", "", ""},
		{"a name only", "From: Jan Bakker", "", ""},
		{"no domain", "From: Jan <jan>", "", ""},
		{"no local part", "From: <@klant.example>", "", ""},
		{"an option", "From: <-oQ@klant.example>", "", ""},
		{"an empty group", "From: onbekend:;", "", ""},
		{"a line break in the address", "From: =?utf-8?Q?jan=0A?=@klant.example", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			m, err := inbox.Read([]byte(tt.header+"\n\nHoi.\n"), firm)
			if tt.email == "" {
				if err == nil || err.Error() != "the mail names no sender" {
					t.Fatalf("got %+v, error %v", m, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if m.Name != tt.name || m.Email != tt.email {
				t.Errorf("got %q <%s>, want %q <%s>", m.Name, m.Email, tt.name, tt.email)
			}
		})
	}
}

func TestValidAddress(t *testing.T) {
	long := strings.Repeat("a", 64) + "@" + strings.Repeat("b", 60) + ".example"
	for _, s := range []string{
		"jan@klant.example", "jan.bakker+site@mail.klant.example", "o'neil@klant.example",
		"zoë@klant.example", "jan@café.example", "j@k", long,
	} {
		if !inbox.ValidAddress(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range []string{
		"", "jan", "@klant.example", "jan@", "jan klant.example", "jan@@klant.example",
		" jan@klant.example", "jan@klant.example ", "<jan@klant.example>", "Jan <jan@klant.example>",
		"jan@klant.example, piet@klant.example", "jan@klant.example (Jan)", `"jan bakker"@klant.example`,
		"jan@klant.example\nBcc: x@y.example", "jan@klant.example\r", "jan\x00@klant.example", "jan\u202e@klant.example",
		"jan\x1b[2J@klant.example", "jan\xff@klant.example", "-jan@klant.example", "groep:jan@klant.example;",
		"a" + long, "a@" + strings.Repeat("b.", 130) + "example",
	} {
		if inbox.ValidAddress(s) {
			t.Errorf("%q is accepted", s)
		}
	}
}

// What stands in a letter behind "Beste" is a name.
func TestANameAsALetterCanHaveIt(t *testing.T) {
	for from, want := range map[string]string{
		`"Hof, Renée"`:                           "Renée Hof",
		`"Wit, Jolanda de"`:                      "Jolanda de Wit",
		`"de Wit, Jolanda"`:                      "Jolanda de Wit",
		`"Webwerk West, B.V."`:                   "Webwerk West, B.V.",
		`"Jan Boer, MSc"`:                        "Jan Boer, MSc",
		`"Boer, Kok & Zonen"`:                    "Boer, Kok & Zonen",
		`"Boer, Kok, Visser"`:                    "Boer, Kok, Visser",
		`=?UTF-8?B?UmVuw6?= =?UTF-8?B?KlIb2Y=?=`: "",
		`=?utf-8?Q?Ren=C3=A9e_Hof?=`:             "Renée Hof",
		`Bram`:                                   "Bram",
	} {
		m := read(t, []byte("From: "+from+" <hof@klant.example>\nSubject: x\n\nHoi.\n"))
		if m.Name != want {
			t.Errorf("%s: %q, want %q", from, m.Name, want)
		}
	}
}
