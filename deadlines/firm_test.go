package deadlines

import "testing"

func TestWhatIsTheFirms(t *testing.T) {
	firm := &Policy{Organisation: Organisation{Name: "De Werf", Handler: "Mok Verhagen", Email: "Klachten@Werf.example", Addresses: []string{"mok@gmail.com", "mok@werf.test"}}}
	for address, want := range map[string]bool{
		"klachten@werf.example": true, "WordPress@werf.example": true, "info@mail.werf.example": true, "x@werf.test": true, "mok@gmail.com": true, "MOK@GMAIL.COM": true,
		"jolanda@gmail.com": false, "x@nietwerf.example": false, "werf.example@thuis.example": false, "x@example": false, "": false, "werf.example": false,
	} {
		if firm.Own(address) != want {
			t.Errorf("%q: %v", address, !want)
		}
	}
	for name, want := range map[string]bool{"Mok Verhagen": true, "mok verhagen ": true, "De Werf": true, "Mok": false, "": false} {
		if firm.Calls(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
	if none := (&Policy{}); none.Own("") || none.Own("x@y.example") || none.Calls("") {
		t.Error("a firm that says nothing has something")
	}
}
