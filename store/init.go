package store

import (
	"bytes"
	"embed"
	"os"
	"strings"
	"text/template"

	casefile "klacht/case"
	"klacht/store/disk"

	"gopkg.in/yaml.v3"
)

//go:embed regeling.*.yaml
var policies embed.FS

// StartZone is the time zone of a new register.
const StartZone = "Europe/Amsterdam"

// Start is what a new register needs to know.
type Start struct {
	Name      string   // of the firm
	Handler   string   // who handles complaints
	Email     string   // to which complaints are written
	Addresses []string // of the firm in other domains
	Language  string   // of the comments in the policy: "nl" or "en"
	From      casefile.Date
}

// Init makes a register in dir, which must not be there yet or be empty, with a
// policy that explains itself.
func Init(dir string, s Start) error {
	data, err := s.policy()
	if err != nil {
		return err
	}
	if _, damage := decodePolicy(PolicyFile, data); damage != nil {
		return damage.Err
	}
	if err := os.MkdirAll(dir, disk.DirMode); err != nil {
		return casefile.Errorf("cannot make the register: %v", err)
	}
	root, err := openRoot(dir)
	if err != nil {
		return casefile.Errorf("cannot make the register: %v", err)
	}
	defer root.Close()
	r := &Register{Dir: dir, root: root}
	if r.root.Exists(PolicyFile) {
		return casefile.Errorf("%s is already a register", dir).
			WithHint("its procedure stands in %s; change it there", PolicyFile)
	}
	if names, err := r.root.Names("."); err != nil || len(names) > 0 {
		return casefile.Errorf("the folder %s is not empty", dir).
			WithHint("give a register a folder of its own: klacht init ~/klachten")
	}
	err = root.Chmod(".", disk.DirMode)
	for _, sub := range []string{openDir, archiveDir} {
		if err == nil {
			err = r.root.MakeDir(sub)
		}
	}
	if err == nil {
		err = r.first()
	}
	if err == nil {
		err = r.root.Put(PolicyFile, data)
	}
	if err != nil {
		return casefile.Errorf("cannot make the register: %v", err)
	}
	return nil
}

// first makes the ledger of a new register, in which this machine is the first.
func (r *Register) first() error {
	c := Clone{casefile.NewKey(), FirstSeries}
	l := &Ledger{Key: casefile.NewKey(), Series: map[string]casefile.Key{FirstSeries: c.ID}}
	if err := r.root.Put(LedgerFile, l.Encode()); err != nil {
		return err
	}
	err := r.root.MakeDir(localDir)
	if err == nil {
		err = r.root.Put(localIgnore, []byte("*\n"))
	}
	if err == nil {
		err = r.setClone(c)
	}
	return err
}

func (s Start) policy() ([]byte, error) {
	t, err := template.New("").Funcs(template.FuncMap{"quote": quote, "quotes": quotes}).ParseFS(policies, "*.yaml")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.ExecuteTemplate(&b, "regeling."+s.Language+".yaml", s)
	return b.Bytes(), err
}

// quote returns a text as YAML reads it back, on one line.
func quote(s string) (string, error) {
	data, err := yaml.Marshal(casefile.OneLine(s))
	return string(bytes.TrimSpace(data)), err
}

// quotes returns texts as YAML reads them back, as a list on one line.
func quotes(list []string) (string, error) {
	var items []string
	for _, s := range list {
		q, err := quote(s)
		if err != nil {
			return "", err
		}
		items = append(items, q)
	}
	return "[" + strings.Join(items, ", ") + "]", nil
}
