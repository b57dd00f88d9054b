package history

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	casefile "klacht/case"
)

// holds returns which of the cases have a name in some tree of the repository,
// whether anything leads to it or not, or in the index.
func (p *place) holds(ctx context.Context, ids []casefile.ID) ([]casefile.ID, error) {
	in, out, end, err := p.stream(ctx, "cat-file", "--batch", "--buffer")
	if err != nil {
		return nil, err
	}
	list, err := p.trees(ctx)
	if err != nil {
		_ = end()
		return nil, err
	}
	go func() {
		_, _ = io.WriteString(in, list)
		_ = in.Close()
	}()
	found := map[casefile.ID]bool{}
	gone := idSet(ids)
	ans := bufio.NewReaderSize(out, 256<<10)
	for {
		_, _, data, err := answer(ans)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, errors.Join(end(), err)
		}
		tree, err := entries(data, p.sum().Size())
		if err != nil {
			_ = end()
			return nil, err
		}
		for _, e := range tree {
			note(found, gone, e.name)
		}
	}
	if err := end(); err != nil {
		return nil, err
	}
	if !p.bare {
		out, err := p.output(ctx, "ls-files", "-z")
		if err != nil {
			return nil, err
		}
		for _, name := range Fields(out) {
			for part := range strings.SplitSeq(name, "/") {
				note(found, gone, part)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id casefile.ID) bool { return !found[id] }), nil
}

// note adds to found those whose number a name bears.
func note(found, gone map[casefile.ID]bool, name string) {
	if bears(gone, name) {
		for id := range gone {
			if bears(map[casefile.ID]bool{id: true}, name) {
				found[id] = true
			}
		}
	}
}

// trees lists the ids of all trees.
func (p *place) trees(ctx context.Context) (string, error) {
	var b strings.Builder
	out, err := p.output(ctx, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectname)")
	for line := range strings.Lines(string(out)) {
		if id, ok := strings.CutPrefix(line, "tree "); ok {
			b.WriteString(id)
		}
	}
	return b.String(), err
}
