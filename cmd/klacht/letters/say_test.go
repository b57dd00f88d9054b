package letters

import "testing"

func TestFirstName(t *testing.T) {
	for name, want := range map[string]string{
		"Jolanda de Wit": "Jolanda", "Zoë Kok": "Zoë", "Anne-Marie van den Berg": "Anne-Marie", "Jan Boer": "Jan", "Ömer Yılmaz": "Ömer",
		"": "", "Jolanda": "", "T.J.M. Wijnands": "", "K. Bos": "", "Jo Bos": "", "TJM Wijnands": "", "JOLANDA DE WIT": "", "jolanda de wit": "",
		"De Wit": "", "De heer Bos": "", "Mevrouw Bos": "", "Mevr. Bos": "", "Mevr Bos": "", "Dhr. Bos": "", "Fam Bos": "", "Familie de Wit": "",
		"Van Dam": "", "Drs. Bos": "", "Prof Bos": "", "Wit, Jolanda de": "", "Jan en Piet Bos": "", "Jan & Piet": "", "Bakkerij Jansen": "",
		"Stichting De Brug": "", "Kapper Bos B.V.": "", "Bos BV": "", "Autobedrijf Kok": "", "Team Support": "", "O'Neill Bos": "", "Jan2 Bos": "",
		"\u202eJolanda de Wit": "",
	} {
		if got := firstName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// A number stays with what it counts; a year counts nothing.
func TestALineMayBreakAfterAYear(t *testing.T) {
	const date = "Uiterlijk woensdag 13 januari 2027 hoort u van mij hoe het is afgelopen"
	for n := range 60 {
		for _, line := range wrap(date[:len("Uiterlijk")] + " " + pad[:n] + date[len("Uiterlijk"):]) {
			if len(line) > columns {
				t.Errorf("%q", line)
			}
			if len(line) > 3 && line[len(line)-3:] == " 13" {
				t.Errorf("the day without its month: %q", line)
			}
		}
	}
	if got := units("in 2027 hoort u om 14.00 uur"); len(got) != 6 {
		t.Errorf("%q", got)
	}
}

const pad = "aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa"
