package inbox_test

import (
	"testing"
	"time"
)

func utc(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		panic(err)
	}
	return t
}

// R2: received is the day on which the mail arrived, by the firm's own server.
func TestArrivalIsTheTopmostReceived(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	const by = "Received: from a by b with SMTP id 1; "
	tests := []struct {
		name, header string
		want         time.Time
		day          string // in the firm's zone
	}{
		{"an hour before midnight", by + "Fri, 20 Nov 2026 23:30:00 +0100", utc("2026-11-20 22:30:00"), "2026-11-20"},
		{"just after midnight", by + "Sat, 21 Nov 2026 00:30:00 +0100", utc("2026-11-20 23:30:00"), "2026-11-21"},
		{"after midnight here, before it in UTC", by + "Fri, 20 Nov 2026 23:30:00 +0000", utc("2026-11-20 23:30:00"), "2026-11-21"},
		{"a server in California", by + "Fri, 20 Nov 2026 14:59:59 -0800 (PST)", utc("2026-11-20 22:59:59"), "2026-11-20"},
		{"a server in India", by + "Sat, 21 Nov 2026 04:31:00 +0530", utc("2026-11-20 23:01:00"), "2026-11-21"},
		{"the night summer time begins, before", by + "Sun, 29 Mar 2026 01:59:59 +0100", utc("2026-03-29 00:59:59"), "2026-03-29"},
		{"the night summer time begins, after", by + "Sun, 29 Mar 2026 03:00:00 +0200", utc("2026-03-29 01:00:00"), "2026-03-29"},
		{"first midnight in summer time", by + "Mon, 30 Mar 2026 00:30:00 +0200", utc("2026-03-29 22:30:00"), "2026-03-30"},
		{"last night of summer time", by + "Sun, 25 Oct 2026 00:30:00 +0200", utc("2026-10-24 22:30:00"), "2026-10-25"},
		{"02:30 for the first time", by + "Sun, 25 Oct 2026 02:30:00 +0200 (CEST)", utc("2026-10-25 00:30:00"), "2026-10-25"},
		{"02:30 for the second time", by + "Sun, 25 Oct 2026 02:30:00 +0100 (CET)", utc("2026-10-25 01:30:00"), "2026-10-25"},
		{"first night of winter time", by + "Sun, 25 Oct 2026 23:30:00 +0100", utc("2026-10-25 22:30:00"), "2026-10-25"},
		{"folded", "Received: from a\n\tby b;\n\tFri, 20 Nov 2026\n 16:40:11 +0100\n (CET)", utc("2026-11-20 15:40:11"), "2026-11-20"},
		{"a semicolon in the comment after the zone", by + "Fri, 20 Nov 2026 16:40:11 +0100 (CET; winter)", utc("2026-11-20 15:40:11"), "2026-11-20"},
		{"a semicolon before the date", "Received: from a (x; y) by b; Fri, 20 Nov 2026 16:40:11 +0100", utc("2026-11-20 15:40:11"), "2026-11-20"},
		{"no day of the week, unknown offset", by + "20 Nov 2026 16:40:11 -0000", utc("2026-11-20 16:40:11"), "2026-11-20"},
		{"a zone by name, GMT", by + "Fri, 20 Nov 2026 23:30:00 GMT", utc("2026-11-20 23:30:00"), "2026-11-21"},
		{"a zone by name, CET", by + "Sat, 21 Nov 2026 00:30:00 CET", utc("2026-11-20 23:30:00"), "2026-11-21"},
		{"a zone by name, cest", by + "Thu, 2 Jul 2026 00:30:00 cest", utc("2026-07-01 22:30:00"), "2026-07-02"},
		{"several: the topmost counts", by + "Sat, 21 Nov 2026 00:30:00 +0100\n" + by + "Fri, 20 Nov 2026 23:59:00 +0100\n" + by + "Thu, 1 Jan 2026 00:00:00 +0100",
			utc("2026-11-20 23:30:00"), "2026-11-21"},
		{"below other headers", "Return-Path: <x@y.example>\nDelivered-To: info@mok.example\n" + by + "Fri, 20 Nov 2026 16:40:11 +0100", utc("2026-11-20 15:40:11"), "2026-11-20"},
		{"in capitals, with a blank before the colon", "RECEIVED : by b; Fri, 20 Nov 2026 16:40:11 +0100", utc("2026-11-20 15:40:11"), "2026-11-20"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := read(t, []byte(tt.header+"\nDate: Mon, 1 Jan 2024 00:00:00 +0100\nFrom: jan@klant.example\n\nHoi.\n"))
			if !m.Arrived.Equal(tt.want) {
				t.Fatalf("arrived %v, want %v", m.Arrived, tt.want)
			}
			if day := m.Arrived.In(amsterdam).Format(time.DateOnly); day != tt.day {
				t.Errorf("received on %s, want %s", day, tt.day)
			}
			if !m.Dated.Equal(utc("2023-12-31 23:00:00")) {
				t.Errorf("dated %v", m.Dated)
			}
		})
	}
}

// Below the topmost Received stands what a sender may have made up: when the
// topmost says nothing, the arrival is not known.
func TestArrivalIsNeverWhatTheSenderSays(t *testing.T) {
	const forged = "Received: by forged.example; Wed, 1 Jan 2025 00:00:00 +0100\n"
	for _, top := range []string{
		"", // no Received above the forged one is tested last
		"Received: from a by b\n",
		"Received:\n",
		"Received: ;\n",
		"Received: by b; gisteren\n",
		"Received: by b; Fri, 20 Nov 2026 16:40:11\n",
		"Received: by b; Fri, 20 Nov 2026 16:40:11 AMS\n",
		"Received: by b; Fri, 31 Nov 2026 16:40:11 +0100\n",
		"Received: by b; Fri, 20 Nov 2026 25:40:11 +0100\n",
		"Received: by b; Fri, 20 Nov 2026 16:40:11 +0100; spam\n",
		"Received: by b; Fri, 20 Nov 2026 16:40:11 +0100 ((x) y\n",
		"Received: Fri, 20 Nov 2026 16:40:11 +0100\n",
	} {
		below := forged
		if top == "" {
			below = "X-Received: by x; Wed, 1 Jan 2025 00:00:00 +0100\n"
		}
		m := read(t, []byte(top+below+"Date: Wed, 1 Jan 2025 00:00:00 +0100\nFrom: jan@klant.example\n\nReceived: by b; Wed, 1 Jan 2025 00:00:00 +0100\n"))
		if !m.Arrived.IsZero() {
			t.Errorf("%q: arrived %v, want unknown", top, m.Arrived)
		}
	}
}

// What stands above an arrival is what fetched the mail, or hops within the firm's own
// house: neither makes it come in later. The chains are as the programs write them.
func TestArrivalInAChain(t *testing.T) {
	const (
		mx     = "Received: from mail.klant.example (mail.klant.example [192.0.2.10])\n\tby mx.mok.example (Postfix) with ESMTPS id 4XyZ1a2b3c\n\tfor <info@mok.example>; Fri, 20 Nov 2026 23:50:00 +0100 (CET)\n"
		client = "Received: from laptop (unknown [192.0.2.99])\n\tby mail.klant.example (Postfix) with ESMTPSA id 9F8E7D; Fri, 20 Nov 2026 23:49:58 +0100 (CET)\n"
	)
	for _, tt := range []struct{ name, chain, want string }{
		{"fetchmail 6", "Received: from pop.provider.example [192.0.2.4]\n\tby laptop with POP3 (fetchmail-6.4.37)\n\tfor <mok@localhost> (single-drop); Mon, 23 Nov 2026 08:31:00 +0100 (CET)\n" + mx + client, "20 23:50"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := read(t, []byte(tt.chain+"From: jan@klant.example\n\nHoi.\n"))
			if got := m.Arrived.In(time.FixedZone("", 3600)).Format("02 15:04"); got != tt.want {
				t.Errorf("arrived %s, want %s", got, tt.want)
			}
		})
	}
}

func TestDateOfTheSender(t *testing.T) {
	tests := []struct {
		header string
		want   time.Time
	}{
		{"", time.Time{}},
		{"Date: gisteren", time.Time{}},
		{"Date: Fri, 20 Nov 2026 16:40:11", time.Time{}},
		{"Date: Fri, 20 Nov 2026 16:40:11 XYZ", time.Time{}},
		{"Date: Fri, 20 Nov 2026 16:40:11 +0100 (CET)", utc("2026-11-20 15:40:11")},
		{"Date: Fri, 20 Nov 2099 16:40:11 +0100", utc("2099-11-20 15:40:11")},
	}
	for _, tt := range tests {
		m := read(t, []byte(tt.header+"\nFrom: jan@klant.example\n\nHoi.\n"))
		if tt.header == "" {
			m = read(t, []byte("From: jan@klant.example\n\nHoi.\n"))
		}
		if !m.Dated.Equal(tt.want) || !m.Arrived.IsZero() {
			t.Errorf("%q: dated %v, want %v; arrived %v", tt.header, m.Dated, tt.want, m.Arrived)
		}
	}
}
