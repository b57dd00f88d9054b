package account

import (
	"context"
	"errors"
	"strconv"

	casefile "klacht/case"

	"github.com/zalando/go-keyring"
)

// keyringService is what passwords are known by in the keyring of a computer.
const keyringService = "klacht"

// Keyring returns a function that looks up a password in the keyring of this
// computer (Secret Service, macOS Keychain, Windows Credential Manager): that of
// service "klacht" and account USER on HOST, written "USER on HOST".
func Keyring(user, host string) func(context.Context) (string, error) {
	type answer struct {
		password string
		err      error
	}
	return func(ctx context.Context) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, passwordTime)
		defer cancel()
		answers := make(chan answer, 1)
		go func() { // it may wait for a person, and knows no ctx
			p, err := keyring.Get(keyringService, entry(user, host))
			answers <- answer{p, err}
		}()
		var p string
		var err error
		select {
		case a := <-answers:
			p, err = a.password, a.err
		case <-ctx.Done():
			err = casefile.Errorf("%s took too long", "keyring")
		}
		switch {
		case errors.Is(err, keyring.ErrNotFound):
			return "", casefile.Errorf("the keyring has none for %s", strconv.Quote(entry(user, host)))
		case err != nil:
			return "", casefile.Errorf("the keyring cannot be read: %v", err)
		}
		return p, nil
	}
}

// SetKeyring puts a password into the keyring of this computer.
func SetKeyring(user, host, password string) error {
	if err := keyring.Set(keyringService, entry(user, host), password); err != nil {
		return casefile.Errorf("the keyring cannot be written: %v", err)
	}
	return nil
}

func entry(user, host string) string { return user + " on " + host }
