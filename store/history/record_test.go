package history

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

// What is known of a place goes along with its address, whatever it is called; a place
// that is none any more is left with what it had.
func TestPlacesByAddress(t *testing.T) {
	gone := []Gone{{ID: "2026-0001", Key: "k", Content: "c"}}
	key := gone[0].keyOf()
	for _, c := range []struct {
		what       string
		before     map[string]string // the addresses, by name; it is erased at those that end in !
		now        map[string]string
		done, left []string
	}{
		{"another name", map[string]string{"usb": "/a!"}, map[string]string{"stick": "/a"}, []string{"stick"}, nil},
		{"names that are exchanged", map[string]string{"x": "/a!", "y": "/b"}, map[string]string{"x": "/b", "y": "/a"}, []string{"y"}, nil},
		{"one of two that are one", map[string]string{"x": "/a!", "y": "/a"}, map[string]string{"x": "/a"}, []string{"x"}, nil},
		{"another address", map[string]string{"x": "/a", "y": "/b!"}, map[string]string{"x": "/c", "y": "/d"}, nil, []string{"x"}},
		{"removed", map[string]string{"x": "/a", "y": "/b!"}, nil, nil, []string{"x"}},
		{"another password", map[string]string{"x": "https://mok:old@nas.example/a!"}, map[string]string{"x": "https://mok:new@nas.example/a"}, []string{"x"}, nil},
	} {
		rec := (&Repo{GitDir: t.TempDir()}).record()
		see := func(at map[string]string) {
			config := map[string]string{}
			for name, addr := range at {
				config["remote."+name+".url"] = addr
			}
			rec.look(config, slices.Sorted(maps.Keys(at)), gone)
		}
		erased := map[string]bool{}
		for name, addr := range c.before {
			if n := len(addr) - 1; addr[n] == '!' {
				c.before[name], erased[name] = addr[:n], true
			}
		}
		rec.had["x"] = "commit" // noted before anything was erased
		see(c.before)
		if _, ok := c.before["x"]; ok && rec.had["x"] == "" {
			t.Errorf("%s: what x had is forgotten", c.what)
		}
		for name := range erased {
			rec.mark(name, key)
		}
		see(c.now)
		var done []string
		for name, keys := range rec.done {
			if keys[key] {
				done = append(done, name)
			}
		}
		slices.Sort(done)
		if left := slices.Sorted(maps.Keys(rec.left)); fmt.Sprint(done, left) != fmt.Sprint(c.done, c.left) {
			t.Errorf("%s: erased at %v, left at %v; want %v, %v", c.what, done, left, c.done, c.left)
		}
	}
}
