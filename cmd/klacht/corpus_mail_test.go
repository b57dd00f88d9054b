//go:build mail

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"klacht/store/mailtest"
)

// The corpus once more, out of a real Dovecot.
func TestRealCorpus(t *testing.T) {
	c, s := readCorpus(t), corpusSite(t)
	const password = "geheim"
	servers := mailtest.Start(t, mailtest.Options{Users: map[string]string{ownerBox: password}})
	for i, row := range c.rows {
		servers.Put(ownerBox, "", i, string(c.mails[row.file]), arrivedThere.Add(time.Duration(i)*time.Second))
	}
	config := filepath.Join(filepath.Dir(s.dir), "config")
	err := os.MkdirAll(config, 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(config, "config.yaml"), []byte(fmt.Sprintf(
			"imap: {host: localhost, port: %d, user: %s, password_command: echo %s, folder: INBOX}\n", servers.IMAPS, ownerBox, password)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "SSL_CERT_FILE="+servers.CA)
	c.fetched(t, s, func(args ...string) result { return s.run("", args...) })
}
