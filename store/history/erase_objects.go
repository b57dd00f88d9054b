package history

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	casefile "klacht/case"
)

// eraseTime is how long one git may take over the whole of a history.
const eraseTime = 2 * time.Hour

// odb is the repository as the erasure sees it: objects by their ids, in the
// form in which git keeps them. It is of one goroutine.
type odb struct {
	r     *Repo
	env   []string // what git needs to know beside the environment of r
	set   []string // settings
	sum   func() hash.Hash
	ask   *os.File // to a git cat-file that is running; nil: none is
	ans   *bufio.Reader
	end   func() error
	had   map[string]object // what was asked for in advance
	new   map[string]bool   // made since the last flush
	buf   bytes.Buffer      // those objects, packed
	zip   *zlib.Writer      // into buf
	packs []string          // those that were made, in which nothing is a difference to another
}

// git runs git for the erasure: without hooks, and without a clean-up of git's own
// that would come in between.
func (o *odb) git(ctx context.Context, c Call) error {
	set := append([]string{"core.hooksPath=" + os.DevNull, "gc.auto=0", "maintenance.auto=false", "core.commitGraph=false", "core.logAllRefUpdates=false", "core.fsync=all"}, o.set...)
	for i, kv := range set {
		key, value, _ := strings.Cut(kv, "=")
		c.Env = append(c.Env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", i, key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", i, value))
	}
	c.Env = append(c.Env, fmt.Sprintf("GIT_CONFIG_COUNT=%d", len(set)))
	c.Env = append(c.Env, o.env...)
	if c.Limit == 0 {
		c.Limit = eraseTime
	}
	return o.r.Do(ctx, c)
}

func (o *odb) output(ctx context.Context, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := o.git(ctx, Call{Args: args, Out: &out, Read: true})
	return out.Bytes(), err
}

// hashes makes o count as the repository does.
func (o *odb) hashes(ctx context.Context) error {
	var format string
	config, err := o.r.settings(ctx)
	if format = config["extensions.objectformat"]; o.env != nil { // another repository
		var out []byte
		out, err = o.output(ctx, "rev-parse", "--show-object-format")
		format = strings.TrimSpace(string(out))
	}
	if err != nil {
		return err
	}
	switch format {
	case "sha1", "":
		o.sum = sha1.New
	case "sha256":
		o.sum = sha256.New
	default:
		return casefile.Errorf("klacht does not know how this repository names its objects: %q", format)
	}
	return nil
}

// stream starts a git that answers on its output what it is asked on its input.
func (o *odb) stream(ctx context.Context, args ...string) (in, out *os.File, end func() error, err error) {
	inR, inW, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, err
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		_, _ = inR.Close(), inW.Close()
		return nil, nil, nil, err
	}
	done := make(chan error, 1)
	go func() {
		err := o.git(ctx, Call{Args: args, In: inR, Out: outW, Read: true})
		_, _ = inR.Close(), outW.Close()
		done <- err
	}()
	return inW, outR, func() error {
		_ = inW.Close()
		_, _ = io.Copy(io.Discard, outR)
		_ = outR.Close()
		return <-done
	}, nil
}

// object is what git keeps under an id.
type object struct {
	kind string
	data []byte
}

// get returns an object by its id in hex digits; kind is "missing" if there is
// none.
func (o *odb) get(ctx context.Context, id string) (kind string, data []byte, err error) {
	if had, ok := o.had[id]; ok {
		return had.kind, had.data, nil
	}
	if id == "" {
		return "missing", nil, nil
	}
	err = o.each(ctx, []string{id}, func(_ string, got object) error {
		kind, data = got.kind, got.data
		return nil
	})
	return kind, data, err
}

// each asks for objects, all in one go, and hands them over one by one.
func (o *odb) each(ctx context.Context, ids []string, take func(id string, got object) error) error {
	if len(ids) == 0 {
		return nil
	}
	if o.ask == nil {
		in, out, end, err := o.stream(ctx, "cat-file", "--batch")
		if err != nil {
			return err
		}
		o.ask, o.ans, o.end = in, bufio.NewReaderSize(out, 256<<10), end
	}
	asked := make(chan error, 1)
	go func(to *os.File) {
		_, err := io.WriteString(to, strings.Join(ids, "\n")+"\n")
		asked <- err
	}(o.ask)
	var failed error
	for _, id := range ids {
		_, kind, data, err := answer(o.ans)
		if err != nil {
			return o.broken(err)
		}
		if failed == nil {
			failed = take(id, object{kind, data})
		}
	}
	if err := <-asked; err != nil {
		return o.broken(err)
	}
	return failed
}

// answer reads one answer of git cat-file --batch.
func answer(in *bufio.Reader) (id, kind string, data []byte, err error) {
	head, err := in.ReadString('\n')
	if err != nil {
		return "", "", nil, err
	}
	f := strings.Fields(head)
	if len(f) == 2 {
		return f[0], f[1], nil, nil // missing
	}
	if len(f) != 3 {
		return "", "", nil, io.ErrUnexpectedEOF
	}
	n, err := strconv.Atoi(f[2])
	if err != nil {
		return "", "", nil, err
	}
	data = make([]byte, n+1)
	if _, err := io.ReadFull(in, data); err != nil {
		return "", "", nil, err
	}
	return f[0], f[1], data[:n], nil
}

// broken returns what git said, where it ended in the middle of an answer.
func (o *odb) broken(err error) error {
	end := o.end
	o.ask = nil
	if end != nil {
		if said := end(); said != nil {
			return said
		}
	}
	return err
}

// close ends the git that answers.
func (o *odb) close() error {
	if o.ask == nil {
		return nil
	}
	o.ask = nil
	return o.end()
}

// must returns an object that has to be there, and of that kind.
func (o *odb) must(ctx context.Context, id, kind string) ([]byte, error) {
	is, data, err := o.get(ctx, id)
	if err == nil && is != kind {
		err = casefile.Errorf("the history is damaged: %s is %s, where a %s should be", id, is, kind).
			WithHint("`git fsck` says more; a clone or a backup may have what is missing")
	}
	return data, err
}

// id returns what git calls an object.
func (o *odb) id(kind string, data []byte) string {
	h := o.sum()
	fmt.Fprintf(h, "%s %d\x00", kind, len(data))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// packLimit is the size from which new objects go to the disk.
const packLimit = 64 << 20

// put makes an object, and returns its id. It is in the repository after the
// next flush.
func (o *odb) put(ctx context.Context, kind string, data []byte) (string, error) {
	id := o.id(kind, data)
	if o.new[id] {
		return id, nil
	}
	if o.new == nil {
		o.new = map[string]bool{}
	}
	o.new[id] = true
	n := len(data)
	b := byte(map[string]int{"commit": 1, "tree": 2, "blob": 3, "tag": 4}[kind]<<4 | n&15)
	for n >>= 4; n > 0; n >>= 7 {
		o.buf.WriteByte(b | 0x80)
		b = byte(n & 0x7f)
	}
	o.buf.WriteByte(b)
	if o.zip == nil {
		o.zip, _ = zlib.NewWriterLevel(&o.buf, zlib.BestSpeed)
	}
	o.zip.Reset(&o.buf)
	_, err := o.zip.Write(data)
	if err == nil {
		err = o.zip.Close()
	}
	if err == nil && o.buf.Len() > packLimit {
		err = o.flush(ctx)
	}
	return id, err
}

// flush writes the new objects to the repository, as a pack.
func (o *odb) flush(ctx context.Context) error {
	if len(o.new) == 0 {
		return nil
	}
	head := append([]byte("PACK"), 0, 0, 0, 2)
	head = binary.BigEndian.AppendUint32(head, uint32(len(o.new)))
	h := o.sum()
	h.Write(head)
	h.Write(o.buf.Bytes())
	pack := io.MultiReader(bytes.NewReader(head), bytes.NewReader(o.buf.Bytes()), bytes.NewReader(h.Sum(nil)))
	var out bytes.Buffer
	if err := o.git(ctx, Call{Args: []string{"index-pack", "--stdin", "--fix-thin"}, In: pack, Out: &out}); err != nil {
		return err
	}
	_, name, _ := strings.Cut(strings.TrimSpace(out.String()), "\t")
	o.packs = append(o.packs, "pack-"+name)
	o.new = nil
	o.buf.Reset()
	return o.close() // one that runs need not see the new pack
}
