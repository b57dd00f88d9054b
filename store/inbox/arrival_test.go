package inbox_test

import (
	"strings"
	"testing"
	"time"

	"klacht/store/inbox"

	"pgregory.net/rapid"
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
		{"several that name nobody: the topmost counts", by + "Sat, 21 Nov 2026 00:30:00 +0100\n" + by + "Fri, 20 Nov 2026 23:59:00 +0100\n" + by + "Thu, 1 Jan 2026 00:00:00 +0100",
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

// What stands between the firm's server and klacht is no arrival; see [arrival].
func TestArrivalIsWhenTheFirmsServerTookItIn(t *testing.T) {
	const (
		mx      = "Received: from mail.klant.example (mail.klant.example [192.0.2.7])\n\tby mx.mok.example (Postfix) with ESMTPS id 4ABC\n\tfor <info@mok.example>; Fri, 20 Nov 2026 23:50:00 +0100 (CET)\n"
		sender  = "Received: from laptop (laptop [10.0.0.2])\n\tby mail.klant.example (Postfix) with ESMTPSA id 1AA; Fri, 20 Nov 2026 23:49:00 +0100 (CET)\n"
		friday  = "2026-11-20 22:50:00"
		monday  = "2026-11-23 07:31:00"
		anybody = "Received: from a by b with SMTP id 1; "
	)
	tests := []struct{ name, head, want, top string }{
		{"the store took it over after midnight", "Received: from mx.mok.example by store.mok.example with LMTP id 7\n\tfor <info@mok.example>; Sat, 21 Nov 2026 00:00:03 +0100\n" + mx + sender, friday, "2026-11-20 23:00:03"},
		{"fetchmail, and the server on this machine", "Received: from localhost (localhost [127.0.0.1])\n\tby laptop (Postfix) with ESMTP id 9\n\tfor <mok@localhost>; Mon, 23 Nov 2026 08:31:00 +0100 (CET)\n" +
			"Received: from pop.mok.example [192.0.2.1]\n\tby laptop with POP3 (fetchmail-6.4.37)\n\tfor <mok@localhost> (single-drop); Mon, 23 Nov 2026 08:31:00 +0100 (CET)\n" + mx + sender, friday, monday},
		{"fetchmail by IMAP, straight into a folder", "Received: from imap.mok.example [192.0.2.1]\n\tby laptop with IMAP (fetchmail-6.4.37)\n\tfor <mok@localhost> (single-drop); Mon, 23 Nov 2026 08:31:00 +0100 (CET)\n" + mx, friday, monday},
		{"getmail", "Received: from pop.mok.example by laptop with POP3-SSL-getmail6\n\tfor <mok@localhost>; Mon, 23 Nov 2026 08:31:00 +0100\n" + mx, friday, monday},
		{"getmail of before", "Received: from unknown by getmail 5 for mok@localhost; Mon, 23 Nov 2026 08:31:00 +0100\n" + mx, friday, monday},
		{"mpop", "Received: from pop.mok.example ([192.0.2.1])\n\tby laptop (mpop-1.4.16) with POP3; Mon, 23 Nov 2026 08:31:00 +0100\n" + mx, friday, monday},
		{"Gmail, from another account", "Received: by 2002:a05:6000:1:b0:3 with POP3 id z12csp1;\n\tMon, 23 Nov 2026 07:31:00 +0000 (GMT)\n" + mx + sender, friday, monday},
		{"fetched, and the server names nobody", "Received: by 2002:a05:6000:1:b0:3 with POP3 id z12csp1; Mon, 23 Nov 2026 08:31:00 +0100\n" + anybody + "Fri, 20 Nov 2026 23:50:00 +0100\n" + sender, friday, monday},
		{"released from quarantine", "Received: from filter.mok.example by mx.mok.example with ESMTP id Q\n\tfor <info@mok.example>; Mon, 23 Nov 2026 08:31:00 +0100\n" + mx + sender, friday, monday},
		{"passed on by the firm to an address elsewhere", "Received: from mx.mok.example by mx.google.example with ESMTPS id g1\n\tfor <mok.prive@gmail.example>; Sat, 21 Nov 2026 00:01:00 +0100\n" + mx, friday, "2026-11-20 23:01:00"},
		{"Exchange Online names nobody", "Received: from AM0PR01 (2603::1) by AM9PR01 with HTTPS; Fri, 20 Nov 2026 22:50:00 +0000\nReceived: from DB1 (2603::2) by AM0PR01 with Microsoft SMTP Server; Fri, 20 Nov 2026 22:49:58 +0000\n" + sender, friday, friday},
		{"for an address without < and >", strings.ReplaceAll(mx, "<info@mok.example>", "info@mok.example"), friday, friday},
		{"a stamp of the firm's that was made up, earlier", mx + "Received: from x by y for <info@mok.example>; Thu, 19 Nov 2026 10:00:00 +0100\n", "2026-11-19 09:00:00", friday},
		{"and one that is later says nothing", mx + "Received: from x by y for <info@mok.example>; Sat, 21 Nov 2026 10:00:00 +0100\n", friday, friday},
		{"fetching that was made up says nothing", mx + "Received: from x by y with POP3 id 1; Sat, 21 Nov 2026 10:00:00 +0100\n" + anybody + "Sat, 21 Nov 2026 11:00:00 +0100\n", friday, friday},
		{"nothing but fetching", "Received: by 2002:a05:6000:1:b0:3 with POP3 id z12csp1; Mon, 23 Nov 2026 08:31:00 +0100\n", "", monday},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw := []byte(tt.head + "Date: Fri, 20 Nov 2026 23:48:00 +0100\nFrom: jan@klant.example\n\nHoi.\n")
			m := read(t, raw)
			want := time.Time{}
			if tt.want != "" {
				want = utc(tt.want)
			}
			if !m.Arrived.Equal(want) || !m.Topmost.Equal(utc(tt.top)) {
				t.Errorf("arrived %v, want %v; topmost %v, want %v", m.Arrived, want, m.Topmost, tt.top)
			}
			if _, arrived := inbox.Times(raw, firm); !arrived.Equal(want) {
				t.Errorf("by its head alone %v, want %v", arrived, want)
			}
		})
	}
}

// Whatever a sender writes below the headers of the firm's servers, it makes nothing later.
func TestNoSenderMakesAnArrivalLater(t *testing.T) {
	const mx = "Received: from mail.klant.example by mx.mok.example with ESMTPS id 4ABC for <info@mok.example>; Fri, 20 Nov 2026 23:50:00 +0100\n"
	lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		from := rapid.SampledFrom([]string{"from localhost (localhost [127.0.0.1]) ", "from x ", ""}).Draw(t, "from")
		with := rapid.SampledFrom([]string{"with POP3 ", "with IMAP (fetchmail-6.4) ", "with ESMTP ", "(getmail 5) ", ""}).Draw(t, "with")
		to := rapid.SampledFrom([]string{"for <info@mok.example>", "for jan@klant.example", ""}).Draw(t, "to")
		when := rapid.SampledFrom([]string{"Sat, 21 Nov 2026 10:00:00 +0100", "Mon, 1 Jan 2029 10:00:00 +0100", "Thu, 1 Jan 2026 10:00:00 +0100", "gisteren", ""}).Draw(t, "when")
		return "Received: " + from + "by y " + with + to + "; " + when + "\n"
	}), 0, 5)
	rapid.Check(t, func(t *rapid.T) {
		head := mx + strings.Join(lines.Draw(t, "made up"), "")
		_, arrived := inbox.Times([]byte(head+"From: jan@klant.example\n\nHoi.\n"), firm)
		if arrived.IsZero() || arrived.After(utc("2026-11-20 22:50:00")) {
			t.Errorf("%v by\n%s", arrived, head)
		}
	})
}

// Received headers, as the programs write them.
const (
	byClient = "Received: from laptop (unknown [192.0.2.99])\n\tby mail.klant.example (Postfix) with ESMTPSA id 9F8E7D; Fri, 20 Nov 2026 23:49:58 +0100 (CET)\n"
	byMX     = "Received: from mail.klant.example (mail.klant.example [192.0.2.10])\n\tby mx.mok.example (Postfix) with ESMTPS id 4XyZ1a2b3c\n" +
		"\tfor <info@mok.example>; Fri, 20 Nov 2026 23:50:00 +0100 (CET)\n"
	byNamelessMX = "Received: from mail.klant.example (mail.klant.example [192.0.2.10])\n\tby mx.mok.example (Postfix) with ESMTPS id 4XyZ1a2b3c;\n" +
		"\tFri, 20 Nov 2026 23:50:00 +0100 (CET)\n"
	byExim = "Received: from mail.klant.example ([192.0.2.10])\n\tby mx.mok.example with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384\n\t(Exim 4.96)\n" +
		"\t(envelope-from <jan@klant.example>)\n\tid 1r5abc-0004Ab-2x\n\tfor INFO@mok.example;\n\tFri, 20 Nov 2026 23:50:00 +0100\n"
	byStore     = "Received: from mx.mok.example ([192.0.2.1])\n\tby store.mok.example with LMTP\n\tid abc\n\t(envelope-from <jan@klant.example>)\n\tfor <info@mok.example>; Sat, 21 Nov 2026 00:00:03 +0100\n"
	byFetchmail = "Received: from pop.provider.example [192.0.2.4]\n\tby laptop with POP3 (fetchmail-6.4.37)\n\tfor <mok@localhost> (single-drop); Mon, 23 Nov 2026 08:31:00 +0100 (CET)\n"
)

// More chains, of which a sender may have made up what stands below the firm's server, and
// chosen the name by which his own is called.
func TestArrivalInAChain(t *testing.T) {
	for _, tt := range []struct{ name, chain, want string }{
		{"postfix", byMX + byClient, "20 23:50"},
		{"exim, and a store after midnight", byStore + byExim + byClient, "20 23:50"},
		{"postfix, and a store after midnight", byStore + byMX + byClient, "20 23:50"},
		{"Exchange Online", "Received: from AM0PR02MB1234.eurprd02.prod.outlook.com (2603:10a6:208:1::10)\n by DB9PR02MB5678.eurprd02.prod.outlook.com with HTTPS; Fri, 20 Nov 2026 22:50:03 +0000\n" +
			"Received: from mail.klant.example (192.0.2.10) by AM7EUR03FT048.mail.protection.outlook.com\n (10.152.16.1) with Microsoft SMTP Server (version=TLS1_2,\n cipher=TLS_ECDHE) id 15.20.1.1; Fri, 20 Nov 2026 22:49:59 +0000\n", "20 23:50"},
		{"Gmail", "Received: by 2002:a05:7022:a0c:b0:1:2:3 with SMTP id 12csp34; Fri, 20 Nov 2026 15:00:01 -0800 (PST)\n" +
			"Received: from mail.klant.example (mail.klant.example. [192.0.2.10])\n by mx.google.com with ESMTPS id x1si2\n for <info@mok.example>\n (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n Fri, 20 Nov 2026 14:50:00 -0800 (PST)\n", "20 23:50"},
		{"fetchmail", byFetchmail + byMX + byClient, "20 23:50"},
		{"fetchmail over IMAP", strings.Replace(byFetchmail, "POP3", "IMAP", 1) + byMX, "20 23:50"},
		{"fetchmail, which hands it to a server at home", "Received: from localhost (localhost [127.0.0.1])\n\tby laptop (Postfix) with ESMTP id 77\n\tfor <mok@localhost>; Mon, 23 Nov 2026 08:31:01 +0100 (CET)\n" +
			byFetchmail + byNamelessMX + byClient, "20 23:50"},
		{"fetchmail, and home writes the address of the firm", "Received: from localhost (localhost [127.0.0.1])\n\tby laptop (Postfix) with ESMTP id 77\n\tfor <info@mok.example>; Mon, 23 Nov 2026 08:31:01 +0100 (CET)\n" +
			byFetchmail + byNamelessMX + byClient, "20 23:50"},
		{"getmail6", "Received: from pop.provider.example by laptop with POP3-SSL getmail6 msgid:12 for\n  <info@mok.example>; 23 Nov 2026 07:31:00 -0000\n" + byMX + byClient, "20 23:50"},
		{"mpop", "Received: from pop.provider.example (pop.provider.example [192.0.2.4])\n\tby laptop (mpop-1.4.18) with POP3S\n\tfor <mok>; Mon, 23 Nov 2026 08:31:00 +0100\n" + byNamelessMX + byClient, "20 23:50"},
		{"Gmail fetches it", "Received: by 2002:a05:6a10:9f8c:b0:1:2:3 with SMTP id 5csp6; Mon, 23 Nov 2026 00:03:48 -0800 (PST)\n" +
			"Received: by 2002:a05:600c:1d9b:b0:4:5:6 with SMTP id p27mr7; Mon, 23 Nov 2026 00:01:50 -0800 (PST)\n" +
			"Received: by 2002:a05:600c:354f:b0:7:8:9 with POP3 id 8mf9.22; Mon, 23 Nov 2026 00:01:50 -0800 (PST)\n" + byNamelessMX + byClient, "20 23:50"},
		{"released from quarantine", "Received: from quarantine.filter.example (quarantine.filter.example [192.0.2.3])\n\tby store.mok.example (Postfix) with ESMTP id 5\n\tfor <info@mok.example>; Mon, 23 Nov 2026 09:15:00 +0100 (CET)\n" + byMX, "20 23:50"},
		{"for somebody else", strings.ReplaceAll(byStore+byMX, "info@mok", "info@other"), "21 00:00"},
		{"a relay of the sender keeps it", byMX + "Received: from laptop by mail.klant.example (Postfix) with ESMTPSA id 9\n\tfor <info@mok.example>; Thu, 19 Nov 2026 10:00:00 +0100\n", "19 10:00"},
		{"only fetched", byFetchmail, ""},
		{"only fetched, and handed on", byNamelessMX + byFetchmail, ""},
		{"fetched twice", byFetchmail + byNamelessMX + byFetchmail + strings.Replace(byNamelessMX, "Fri, 20", "Thu, 19", 1), "19 23:50"},
		{"the topmost cannot be read", "Received: by store.mok.example; gisteren\n" + byMX, "20 23:50"},
		{"a name that reads like fetching", strings.Replace(byMX, "from mail.klant.example (mail.klant.example [192.0.2.10])", "from pop3 (with POP3 [192.0.2.10])", 1) + byClient, "20 23:50"},
		{"the sender's server is called fetchmail", strings.ReplaceAll(byMX, "(mail.klant.example", "(fetchmail.klant.example") + strings.Replace(byNamelessMX, "Fri, 20", "Mon, 23", 1), "20 23:50"},
		{"the sender's server calls itself localhost, and makes up fetching", strings.Replace(byMX, "from mail.klant.example", "from localhost", 1) + byFetchmail + strings.Replace(byNamelessMX, "Fri, 20", "Sun, 22", 1), "20 23:50"},
		{"fetched, and filtered at home", "Received: from localhost (localhost [127.0.0.1])\n\tby laptop (amavisd-new, port 10024) with ESMTP id 2\n\tfor <mok@localhost>; Mon, 23 Nov 2026 08:31:02 +0100\n" +
			"Received: from localhost (localhost [127.0.0.1])\n\tby laptop (Postfix) with ESMTP id 1\n\tfor <mok@localhost>; Mon, 23 Nov 2026 08:31:01 +0100\n" + byFetchmail + byNamelessMX, "20 23:50"},
		{"an address in a comment", byNamelessMX + strings.Replace(byClient, "(unknown [192.0.2.99])", "(for <info@mok.example> (x))", 1), "20 23:50"},

		{"made up, earlier", byMX + strings.Replace(byMX, "Fri, 20", "Tue, 10", 1), "10 23:50"},
		{"made up, later", byMX + strings.Replace(byMX, "Fri, 20", "Mon, 23", 1), "20 23:50"},
		{"made up, later, where the server names nobody", byNamelessMX + strings.Replace(byMX, "Fri, 20", "Mon, 23", 1), "20 23:50"},
		{"made up, for nobody", byMX + strings.Replace(byNamelessMX, "Fri, 20", "Tue, 10", 1), "20 23:50"},
		{"made up, of fetching, later below it", byNamelessMX + byFetchmail + strings.Replace(byNamelessMX, "Fri, 20", "Mon, 23", 1), "20 23:50"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw := []byte(tt.chain + "From: jan@klant.example\n\nHoi.\n")
			_, at := inbox.Times(raw, firm)
			got := ""
			if !at.IsZero() {
				got = at.In(time.FixedZone("", 3600)).Format("02 15:04")
			}
			if got != tt.want {
				t.Errorf("arrived %s, want %s", got, tt.want)
			}
			if m := read(t, raw); !m.Arrived.Equal(at) {
				t.Errorf("read whole %v, by its head %v", m.Arrived, at)
			}
		})
	}
}

// Whoever writes below what the firm's server wrote can make the arrival earlier, never
// later, and never unknown.
func TestNothingBelowMakesAnArrivalLater(t *testing.T) {
	top := rapid.SampledFrom([]string{"", byFetchmail, byStore, byNamelessMX, byStore + byFetchmail})
	line := rapid.Custom(func(t *rapid.T) string {
		at := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(-10000, 10000).Draw(t, "minutes")) * time.Minute)
		return "Received: from a by b with " + rapid.SampledFrom([]string{"SMTP", "POP3", "IMAP"}).Draw(t, "with") + " id 1" +
			rapid.SampledFrom([]string{"", " for <info@mok.example>", " for x@y.example", " (for <info@mok.example>", ")"}).Draw(t, "for") +
			rapid.SampledFrom([]string{"; ", " ", ";;"}).Draw(t, "end") + at.Format(time.RFC1123Z) + "\n"
	})
	arrived := func(head string) time.Time { _, at := inbox.Times([]byte(head), firm); return at }
	rapid.Check(t, func(t *rapid.T) {
		above, below := top.Draw(t, "above")+byMX, rapid.SliceOf(line).Draw(t, "below")
		before := arrived(above)
		for i := range below {
			after := arrived(above + strings.Join(below[:i+1], ""))
			if after.IsZero() || after.After(before) {
				t.Fatalf("%v became %v", before, after)
			}
			before = after
		}
	})
}
