package panel

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/bitmap"
	"hardship/pipeline/table"
)

// origin says which source a record comes from and which version of it it is.
type origin struct {
	source    string
	seen      hour.Instant // first_seen_utc; the distant past for a source without vintages
	retracted bool
}

// knownFrom returns the time from which a record can be known whose own time is
// own.
func (o *origin) knownFrom(own hour.Instant) hour.Instant {
	if o.seen == hour.DistantPast {
		return own
	}
	return o.seen
}

func (o *origin) of() *origin { return o }

// vintage is the origin of a record, and its own time, which cuts it where its
// source has no vintages.
type vintage struct {
	origin
	own hour.Instant
}

// known returns the time from which the record can be known.
func (v *vintage) known() hour.Instant { return v.knownFrom(v.own) }

// versioned is a kind of record that embeds its origin.
type versioned[T any] interface {
	*T
	of() *origin
	known() hour.Instant
}

// lastVersions returns the records that count at the as-of, in the order
// given: the last version of each key, if it has not been taken back. Of two
// versions first seen together the one added later counts; if they come from
// two sources, the one whose source sorts later, so that the order of the
// sources does not matter.
func lastVersions[K comparable, T any, P versioned[T]](records []T, asOf hour.Instant, key func(P) K) []*T {
	last := make(map[K]P, len(records))
	for i := range records {
		r := P(&records[i])
		if r.known() > asOf {
			continue
		}
		k := key(r)
		if other, ok := last[k]; !ok || !before(r.of(), other.of()) {
			last[k] = r
		}
	}
	kept := make([]*T, 0, len(last))
	for i := range records {
		r := P(&records[i])
		if r.known() <= asOf && !r.of().retracted && last[key(r)] == r {
			kept = append(kept, &records[i])
		}
	}
	return kept
}

// before reports whether b is the later of two versions.
func before(a, b *origin) bool {
	return cmp.Or(cmp.Compare(a.seen, b.seen), strings.Compare(a.source, b.source)) < 0
}

// without returns the records that are not of a source.
func without[T any, P versioned[T]](records []T, source string) []T {
	return slices.DeleteFunc(records, func(r T) bool { return P(&r).of().source == source })
}

// newest are the newest first_seen_utc and, of rows without one, the newest
// own time.
type newest struct{ seen, own hour.Instant }

func noTime() newest { return newest{hour.DistantPast, hour.DistantPast} }

func (n *newest) add(m newest) { n.seen, n.own = max(n.seen, m.seen), max(n.own, m.own) }

func newestOf[T any, P versioned[T]](records []T) newest {
	n := noTime()
	for i := range records {
		n.of(P(&records[i]).of(), P(&records[i]).known())
	}
	return n
}

// of adds a record that is known from the given time.
func (n *newest) of(o *origin, known hour.Instant) {
	if o.seen != hour.DistantPast {
		n.seen = max(n.seen, known)
	} else {
		n.own = max(n.own, known)
	}
}

// vintageColumns are the columns that every canonical table ends with.
type vintageColumns struct {
	sources   texts
	seen      *array.Timestamp
	retracted *array.Boolean
}

func (in *Inputs) vintagesOf(t *table.Table) vintageColumns {
	return vintageColumns{in.texts(t, "source_id"), t.Timestamp("first_seen_utc"), t.Bool("retracted")}
}

// same reports whether all rows are of one source that has no versions, and none is
// taken back.
func (c vintageColumns) same() bool {
	if c.seen.NullN() < c.seen.Len() || !c.sources.same() {
		return false
	}
	data := c.retracted.Data()
	for row := 0; row < data.Len(); row += 64 {
		if bitmap.Word(data.Buffers()[1].Bytes(), data.Offset()+row, data.Len()-row) != 0 {
			return false
		}
	}
	return true
}

// at returns the vintage of a row whose own time is own.
func (c vintageColumns) at(row int, own hour.Instant) vintage {
	return vintage{c.originOf(row), own}
}

func (c vintageColumns) originOf(row int) origin {
	o := origin{source: c.sources.of(row), seen: hour.DistantPast, retracted: c.retracted.Value(row)}
	if c.seen.IsValid(row) {
		o.seen = table.Instant(c.seen, row)
	}
	return o
}

// words keeps one copy of every text that recurs, apart from the batches that
// it came with.
type words map[string]string

func (w words) of(s string) string {
	word, ok := w[s]
	if !ok {
		word = strings.Clone(s)
		w[word] = word
	}
	return word
}

// texts is a column of texts that recur, each kept once.
type texts struct {
	codes []int32
	words []string
}

func (in *Inputs) texts(t *table.Table, name string) texts { return in.textsOf(in.coded(t, name)) }

func (in *Inputs) textsOf(coded table.Coded) texts {
	x := texts{coded.Codes, make([]string, coded.Words.Len())}
	for i := range x.words {
		x.words[i] = in.words.of(coded.Words.Value(i))
	}
	return x
}

// coded returns a column of text as codes, which hold until the next batch.
func (in *Inputs) coded(t *table.Table, name string) table.Coded {
	scratch := in.codes[name]
	if scratch == nil {
		scratch = new([]int32)
		in.codes[name] = scratch
	}
	return t.Coded(name, scratch)
}

// same reports whether all rows are seen to have one text.
func (x texts) same() bool {
	return !slices.ContainsFunc(x.codes, func(code int32) bool { return code != x.codes[0] })
}

// of returns a row's text; "" for null.
func (x texts) of(row int) string {
	if code := x.codes[row]; code >= 0 {
		return x.words[code]
	}
	return ""
}

// places is a column of area ids.
type places struct {
	texts
	in *Inputs
	*areaWords
}

// areaWords are the area ids of a dictionary, each looked up once for all batches that
// have it.
type areaWords struct {
	of       arrow.ArrayData
	ids      []string
	areas    []*inputArea // nil before a row has been looked up
	compared bool         // it is known whether they are distinct
	distinct bool         // no id is there twice
}

func (in *Inputs) places(t *table.Table) places {
	ids := in.coded(t, "area_id")
	if in.areaWords == nil || in.areaWords.of != ids.Words.Data() {
		x := in.textsOf(ids)
		in.areaWords = &areaWords{of: ids.Words.Data(), ids: x.words, areas: make([]*inputArea, len(x.words))}
	}
	return places{texts{ids.Codes, in.areaWords.ids}, in, in.areaWords}
}

// of returns a row's area; see Inputs.area.
func (x places) of(row int) (*inputArea, error) {
	code := x.codes[row]
	if a := x.areas[code]; a != nil {
		return a, nil
	}
	a, err := x.in.area(x.words[code])
	x.areas[code] = a
	return a, err
}

// begins returns, by code, where the rows of an area begin if all lie area by area, and
// behind the last where they end. It looks all areas up. The memory of an area is then
// written row after row, which takes half the time.
func (x places) begins() ([]int32, error) {
	begins := make([]int32, len(x.words)+1)
	for row, code := range x.codes {
		if begins[code+1]++; x.areas[code] == nil {
			if _, err := x.of(row); err != nil {
				return nil, err
			}
		}
	}
	for code := range x.words {
		begins[code+1] += begins[code]
	}
	return begins, nil
}

// grouped returns the rows area by area, those of one in the order in which they came.
// It puts them into scratch, which grows as need be.
func (x places) grouped(begins []int32, scratch *[]int32) []int32 {
	next := slices.Clone(begins)
	order := slices.Grow((*scratch)[:0], len(x.codes))[:len(x.codes)]
	*scratch = order
	for row, code := range x.codes {
		order[next[code]] = int32(row)
		next[code]++
	}
	return order
}

// parallel calls f for the codes of areas whose rows lie from begins on, never for one
// area at once.
func (x places) parallel(begins []int32, threads int, f func(code int)) {
	const fewest = 4 << 10 // rows that are worth another core
	rows := int(begins[len(x.words)])
	if threads = min(threads, rows/fewest); threads <= 1 || !x.areDistinct() {
		threads = 1
	}
	var group sync.WaitGroup
	for from, n := 0, 1; n <= threads; n++ {
		to := from
		for to < len(x.words) && int(begins[to])*threads < rows*n {
			to++
		}
		part := [2]int{from, to}
		group.Go(func() {
			for code := part[0]; code < part[1]; code++ {
				f(code)
			}
		})
		from = to
	}
	group.Wait()
}

// areDistinct reports whether no two codes stand for one area, as they do where a
// dictionary has an id twice.
func (x *areaWords) areDistinct() bool {
	if !x.compared {
		met := make(map[string]bool, len(x.ids))
		for _, id := range x.ids {
			met[id] = true
		}
		x.compared, x.distinct = true, len(met) == len(x.ids)
	}
	return x.distinct
}

// spans are the time from the first row to the last of each source: inside it
// a source that lists nothing says that nothing happened.
type spans map[string]hour.Interval

func (s spans) add(source string, v hour.Interval) {
	if span, ok := s[source]; ok {
		v = hour.Interval{Start: min(span.Start, v.Start), End: max(span.End, v.End)}
	}
	s[source] = v
}

// of returns the spans of some sources, apart and in order.
func (s spans) of(sources map[string]bool) []hour.Interval {
	var list []hour.Interval
	for source := range sources {
		list = append(list, s[source])
	}
	return apart(list)
}

// all returns the spans of all sources, apart and in order.
func (s spans) all() []hour.Interval { return apart(slices.Collect(maps.Values(s))) }

// apart joins intervals that touch and returns them in order.
func apart(list []hour.Interval) []hour.Interval {
	slices.SortFunc(list, func(a, b hour.Interval) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var joined []hour.Interval
	for _, v := range list {
		if n := len(joined); n > 0 && v.Start <= joined[n-1].End {
			joined[n-1].End = max(joined[n-1].End, v.End)
		} else {
			joined = append(joined, v)
		}
	}
	return joined
}

// inside returns how much of v lies in intervals that are apart.
func inside(v hour.Interval, intervals []hour.Interval) hour.Instant {
	var sum hour.Instant
	for _, w := range intervals {
		sum += v.Overlap(w).Length()
	}
	return sum
}
