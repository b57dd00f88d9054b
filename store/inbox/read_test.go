package inbox_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klacht/store/inbox"
)

// own tells which address is the firm's in these tests.
func own(address string) bool { return strings.EqualFold(address, "info@mok.example") }

// firm is that firm.
var firm = aFirm{}

type aFirm struct{}

func (aFirm) Own(address string) bool { return own(address) }
func (aFirm) Calls(name string) bool  { return name == "Mok Verhagen" }

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func read(t testing.TB, raw []byte) *inbox.Mail {
	t.Helper()
	m, err := inbox.Read(raw, firm)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// complaint is the text of most fixtures.
const complaint = `Beste Mok,

De website is drie weken te laat. Eén keer is vervelend, twee keer is
te veel; ik wil de geïnde € 150 terug.

Jolanda`

func TestTextOfAMail(t *testing.T) {
	inEuro := strings.ReplaceAll(complaint, "€ 150", "150 euro")
	tests := []struct{ fixture, text string }{
		{"plain", complaint},
		{"crlf", complaint},
		{"mbox", complaint},
		{"no-mime-header", complaint},
		{"quoted-printable", complaint},
		{"base64", complaint},
		{"content-type-is-nonsense", complaint},
		{"content-type-is-half", complaint},

		{"charset-iso-8859-1", inEuro},
		{"charset-iso-8859-15", complaint},
		{"charset-windows-1252", complaint},
		{"charset-utf-16", complaint},
		{"charset-koi8-r", "Здравствуйте, сайт опоздал на три недели."},
		{"charset-unknown", inEuro},
		{"charset-none", inEuro},
		{"charset-says-utf-8-is-windows-1252", complaint},
		{"charset-says-iso-8859-1-is-utf-8", complaint},
		{"charset-says-iso-8859-1-is-windows-1252", complaint},
		{"charset-says-us-ascii-is-utf-8", complaint},
		{"html-charset-in-meta-only", "Eén keer is vervelend."},

		{"alternative", complaint},
		{"alternative-html-first", complaint},
		{"alternative-plain-is-blank", "Beste Mok, zie de opgemaakte versie."},
		{"part-without-content-type", "Beste Mok, dit deel heeft geen kop."},
		{"html-then-plain-footer", "Beste Mok, de website is te laat.\n\nDeze mail is op virussen gecontroleerd."},
		{"multipart-without-boundary", "Beste Mok, mijn mailprogramma is stuk."},

		{"attachments", complaint},
		{"inline-text-parts", "Beste Mok, dit staat boven de foto.\n\nEn dit eronder."},
		{"only-an-attachment", ""},
	}
	for _, tt := range tests {
		t.Run(tt.fixture, func(t *testing.T) {
			m := read(t, fixture(t, tt.fixture))
			if m.Text != tt.text {
				t.Errorf("text\n%s\nwant\n%s", m.Text, tt.text)
			}
			if m.Email != "jolanda@klant.example" || m.Name != "Jolanda de Wit" || m.Subject != "Website te laat" || m.Cut || m.Forwarded {
				t.Errorf("got %+v", m)
			}
			if want := time.Date(2026, 11, 20, 15, 40, 11, 0, time.UTC); !m.Arrived.Equal(want) {
				t.Errorf("arrived %v, want %v", m.Arrived, want)
			}
			if want := time.Date(2026, 11, 20, 15, 39, 58, 0, time.UTC); !m.Dated.Equal(want) {
				t.Errorf("dated %v, want %v", m.Dated, want)
			}
		})
	}
}

func TestHTMLReadsAsAPersonWouldReadIt(t *testing.T) {
	want := `Beste Mok,

De website is *drie weken* te laat & er is nog niets te zien.
Zie de offerte ( https://klant.example/offerte ) of https://klant.example/.

* geen reactie
* geen site

Betaald: €` + "\u00A0" + `150

Jolanda`
	if got := read(t, fixture(t, "html-only")).Text; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestHTMLThatIsNestedTooDeepStillGivesItsWords(t *testing.T) {
	page := "<style>p{color:red}</style><script>alert('script')</script><!-- geheim -->" +
		strings.Repeat("<div>", 2000) + "<p>Beste Mok &amp; co, <b>te laat</b>.</p>"
	m := read(t, []byte("From: jan@klant.example\nContent-Type: text/html\n\n"+page))
	if got := strings.Join(strings.Fields(m.Text), " "); got != "Beste Mok & co, te laat ." {
		t.Errorf("got %q", got)
	}
}

// A guess from the text itself would read the € as a ¤.
func TestTheCharacterSetThatAMailNamesIsBelieved(t *testing.T) {
	raw := "From: jan@klant.example\nContent-Type: text/plain; charset=iso-8859-15\n\n"
	raw += strings.Repeat("De factuur van \xa4 150 is te hoog voor een website die er niet is, dat ge\xefrriteerd raken went.\n", 30)
	if m := read(t, []byte(raw)); !strings.Contains(m.Text, "van € 150 is") || !strings.Contains(m.Text, "geïrriteerd") {
		t.Errorf("text %.100q", m.Text)
	}
}

func TestABrokenByteDoesNotSpoilTheRest(t *testing.T) {
	m := read(t, []byte("From: jan@klant.example\nContent-Type: text/plain; charset=utf-8\n\nEén \xebn twee \uFFFD, ge\xc3"))
	if want := "Eén ën twee \uFFFD, geÃ"; m.Text != want {
		t.Errorf("text %q, want %q", m.Text, want)
	}
}

func TestNamesAndSubjects(t *testing.T) {
	for _, name := range []string{"words-q", "words-b", "words-split", "headers-raw-iso-8859-1", "headers-raw-utf-8"} {
		m := read(t, fixture(t, name))
		if m.Name != "Zoë de Vriës" || m.Email != "zoe@klant.example" || m.Subject != "Beëindigde cursus" {
			t.Errorf("%s: name %q, e-mail %q, subject %q", name, m.Name, m.Email, m.Subject)
		}
	}
}

func TestWhoseComplaintItIs(t *testing.T) {
	inner := time.Date(2026, 11, 20, 15, 40, 11, 0, time.UTC)
	outer := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	tests := []struct {
		fixture, email, subject, text string
		arrived                       time.Time
		forwarded                     bool
	}{
		{"forwarded-by-owner", "jolanda@klant.example", "Website te laat", complaint, inner, true},
		{"forwarded-by-owner-base64", "jolanda@klant.example", "Website te laat", complaint, inner, true},
		{"forwarded-by-owner-bare", "jolanda@klant.example", "Website te laat", complaint, inner, true},
		{"forwarded-by-stranger", "piet@klant.example", "Fwd: Website te laat",
			"Beste Mok, mijn eerste mail bleef liggen; ik stuur hem mee.", outer, false},
		{"web-form", "jolanda@klant.example", "Formulier op de site", complaint, outer, false},
		{"web-form-forwarded", "jolanda@klant.example", "Website te laat", complaint, inner, true},
	}
	for _, tt := range tests {
		t.Run(tt.fixture, func(t *testing.T) {
			m := read(t, fixture(t, tt.fixture))
			if m.Email != tt.email || m.Subject != tt.subject || m.Text != tt.text || m.Forwarded != tt.forwarded {
				t.Errorf("got %+v", m)
			}
			if !m.Arrived.Equal(tt.arrived) {
				t.Errorf("arrived %v, want %v", m.Arrived, tt.arrived)
			}
		})
	}
}

func TestMailFromTheFirmItselfIsNoComplaint(t *testing.T) {
	for _, name := range []string{"own-mail", "web-form-answer-to-self", "forwarded-own-mail"} {
		m, err := inbox.Read(fixture(t, name), firm)
		if err == nil || !strings.Contains(err.Error(), "your own address") {
			t.Errorf("%s: got %+v, error %v", name, m, err)
		}
	}
}
