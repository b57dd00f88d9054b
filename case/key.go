package casefile

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// Key is what tells a complaint, or a register, from all others: 128 random bits
// in 26 digits and small letters. Whoever makes it gives it one, and nothing
// changes it. Two files of one key are one complaint; two keys are two, whatever
// their numbers.
type Key string

// keyDigits has no letter that is mistaken for a digit or another letter (RFC
// 4648 §6, with the letters of Crockford's base 32).
var keyDigits = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// keyLength is the number of digits of a key.
const keyLength = 26

// NewKey returns a key that nothing else has.
func NewKey() Key {
	var bits [16]byte
	_, _ = rand.Read(bits[:]) // never fails
	return Key(keyDigits.EncodeToString(bits[:]))
}

// KeyOf returns the key that follows from what cannot change of something that
// was made before keys were given.
func KeyOf(parts ...string) Key {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return Key(keyDigits.EncodeToString(sum[:16]))
}

// Hash returns what stays of the key when the complaint is erased: it tells the
// complaint to whoever has it, and says nothing to others.
func (k Key) Hash() string { return string(KeyOf("erased", string(k))) }

// ParseKey reads a key in the one form that NewKey writes.
func ParseKey(s string) (Key, error) {
	bits, err := keyDigits.DecodeString(s)
	if len(s) != keyLength || err != nil || keyDigits.EncodeToString(bits) != s {
		return "", Errorf("%q is not a key", s).WithHint("a key is given once and never changed; git or a backup has it as it was")
	}
	return Key(s), nil
}
