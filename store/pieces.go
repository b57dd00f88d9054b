package store

import (
	"path"
	"strings"

	casefile "klacht/case"
	"klacht/deadlines"
	"klacht/store/strict"
)

// Part is what a path in a register is of.
type Part int

// The parts of a register that are shared; every other path is no part of one.
const (
	PartNone   Part = iota
	PartPolicy      // regeling.yaml
	PartPurged      // purged.yaml
	PartLedger      // register.yaml
	PartCase        // the file of a case
	PartMail        // in the folder of a case
	PartLetter      // a letter of the owner's own, in letters/
	PartPlain       // any other file at the root
)

var monthName = casefile.Pattern(`^[0-9]{4}-(0[1-9]|1[0-2])$`)

// PartOf returns what a path, relative to the register and with forward slashes,
// is of, and the case that it belongs to if it is of one.
func PartOf(name string) (Part, casefile.ID) {
	parts := strings.Split(name, "/")
	if strings.HasPrefix(parts[0], ".") && len(parts) > 1 {
		return PartNone, ""
	}
	switch {
	case name == PolicyFile:
		return PartPolicy, ""
	case name == PurgedFile:
		return PartPurged, ""
	case name == LedgerFile:
		return PartLedger, ""
	case len(parts) == 1 && parts[0] != openDir && parts[0] != archiveDir && parts[0] != lettersDir && parts[0] != outboxDir:
		return PartPlain, ""
	case len(parts) == 2 && parts[0] == lettersDir && !strings.HasPrefix(parts[1], "."):
		return PartLetter, ""
	case parts[0] == openDir:
		parts = parts[1:]
	case parts[0] == archiveDir && len(parts) > 2 && (parts[1] == unlimited || monthName().MatchString(parts[1])):
		parts = parts[2:]
	default:
		return PartNone, ""
	}
	switch len(parts) {
	case 1:
		if id, ok := caseID(parts[0]); ok {
			return PartCase, id
		}
	case 2:
		if id, err := casefile.ParseID(parts[0]); err == nil && casefile.ValidMailName(parts[1]) {
			return PartMail, id
		}
	}
	return PartNone, ""
}

// CasePath returns the path of the file of a case in a folder; its mails stand in
// the folder of that name without the suffix.
func CasePath(dir string, id casefile.ID) string { return path.Join(dir, string(id)+suffix) }

// MailPath returns the path of a mail of the case whose file is at casePath.
func MailPath(casePath, mail string) string {
	return path.Join(strings.TrimSuffix(casePath, suffix), mail)
}

// ParsePolicy reads a policy as strictly as [Open] does. The error is a *Damage.
func ParsePolicy(data []byte) (*deadlines.Policy, error) {
	p, damage := decodePolicy(PolicyFile, data)
	if damage != nil {
		return nil, damage
	}
	return p, nil
}

// ParseFile reads the content of a case file as strictly as a register does; name
// is its path, and must bear the number inside. The error is a *Damage.
func ParseFile(name string, data []byte, p *deadlines.Policy) (*File, error) {
	f, damage := decodeCase(name, data, p)
	if damage != nil {
		return nil, damage
	}
	if id, _ := caseID(name); f.ID != id {
		return nil, &Damage{File: name, Line: f.idLine, Err: casefile.Errorf("the id is %s, but the file is called %s", f.ID, path.Base(name))}
	}
	return f, nil
}

// ParsePurged returns the cases that purged.yaml says are gone. The error is a *Damage.
func ParsePurged(data []byte) ([]casefile.ID, error) {
	lines, err := ParsePurgedLines(data)
	if err != nil {
		return nil, err
	}
	return idsOf(Effective(lines)), nil
}

// Folder returns the folder in which a case belongs.
func Folder(f *File, p *deadlines.Policy) string {
	if !f.State.Archivable() {
		return openDir
	}
	kept := deadlines.Retention(&f.Case, f.State, p)
	if kept.Unlimited {
		return path.Join(archiveDir, unlimited)
	}
	return path.Join(archiveDir, kept.Until.String()[:7])
}

// EncodeEntry returns an entry of a log as a list of one item, not indented.
func EncodeEntry(e casefile.Entry) ([]byte, error) {
	for _, style := range styles {
		data, err := encodeEntry(e, style)
		if err != nil {
			return nil, err
		}
		root, damage := strict.Document("", append([]byte("log:\n"), data...))
		if damage != nil {
			continue
		}
		d := caseReader{Reader: strict.Reader{}, f: &File{}, zone: e.At.Date.Noon().Location()}
		d.Mapping(root, d.key)
		if d.Wrong == nil && len(d.f.Log) == 1 && strings.TrimRight(d.f.Log[0].Text, "\n") == strings.TrimRight(e.Text, "\n") {
			return data, nil
		}
	}
	return nil, casefile.Errorf("the text of this complaint cannot be written to a file without changing it")
}
