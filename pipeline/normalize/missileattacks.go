package normalize

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/missileattacks"
)

// publishers are the families of accounts that issue bulletins, in lower case:
// the national Air Force, whose rows make totals, then commands whose rows
// overlap its own. Every other account is other, the last.
var publishers = []string{"kpszsu", "pvkpivden", "pvkshid", "pvkzahid", "pvkcenter", "generalstaff", "cincafu", "other"}

var errAbroad = errors.New("names only places outside Ukraine")

// A bulletin is a row of the table of missile attacks with its meaning found.
// All rows of a file are held, so it keeps no part of the file's own text, and
// nothing that the collector of memory would have to look at.
type bulletin struct {
	id        contentHash
	window    hour.Interval
	number    int32 // among the rows of its id, from 1
	line      int32
	at        int32 // of bulletins.at
	model     int32 // of bulletins.model
	publisher int8  // of publishers
	precision int8  // of precisions

	launched, intercepted, lost, impacts source.Count
}

// precisions are those of windows: with a clock at either end, or days alone.
var precisions = []string{"minute", "day"}

// A bulletinPlace is what the fields of places say together.
type bulletinPlace struct {
	area  area.ID
	named string // areas_named
	alone bool
}

// A weaponModel is a model as written and its class.
type weaponModel struct{ name, class string }

// bulletins are the rows of a file, and what was found of texts, of which
// bulletins repeat few.
type bulletins struct {
	*Sink
	country area.ID
	rows    [][]bulletin            // in blocks of blockRows, so that none is moved
	known   map[string]*knownPlaces // by the text of a field
	nowhere knownPlaces             // of an empty field
	at      []bulletinPlace         // each once; the first is the country
	atOf    map[bulletinPlace]int32 // where it is in at
	models  map[string]int32        // by the model as written
	model   []weaponModel

	// What the identity of the row before was made from, whose window the next
	// often shares.
	hashed     []byte
	window     hour.Interval
	windowEnds int // in hashed; 0 before the first row
}

const blockRows = 4096

// knownPlaces are those of a text, and what they say if the row names no others.
type knownPlaces struct {
	naming
	alone int32 // of bulletins.at
}

// ReadMissileAttacks reads the table of missile attacks into table.Strike. It
// holds the rows of a file in memory.
//
// Places come from target, target_main and affected region together. Towns and
// raions count as their oblast; a direction, the front line, the sea, the
// country or nothing at all names no oblast. area_id is an oblast where target
// names it and nothing else, else the country: a Russian oblast beside it is
// something else. A row whose target lies wholly in Russia is rejected. Kyiv
// oblast stays UA32, although bulletins mean the city too (methods.md 4.6):
// what is possible in which of the two is the panel's decision.
//
// A model that weaponOf lacks makes a row of weapon unknown, not a rejected
// one: the strike happened. strike_id is made from window, model, target and
// publisher, never from counts, which get corrected; rows that share all of
// these are numbered in the order of their counts, so that the order of the
// file does not matter.
//
// Counts are as the bulletin gives them, null where it gives none. Those of
// regional commands are mostly of munitions shot down and overlap the national
// ones.
func ReadMissileAttacks(s *Sink, r io.Reader, name string) error {
	country, err := s.Gazetteer.Resolve("UA")
	if err != nil {
		return &source.FileError{File: name, Code: source.UnknownArea, Err: errors.New("the table of areas has no UA, the country that national bulletins are about")}
	}
	nowhere := bulletinPlace{area: country}
	all := bulletins{Sink: s, country: country, at: []bulletinPlace{nowhere}, atOf: map[bulletinPlace]int32{nowhere: 0}, known: map[string]*knownPlaces{}, models: map[string]int32{}}
	if err := each(s, missileattacks.Read(r, name, s.Source.Location), all.add); err != nil {
		return err
	}
	all.number()
	return all.emit()
}

// emit hands on the rows, column by column: there are many, and few different texts.
func (b *bulletins) emit() error {
	var areas, named, classes, models []string
	for _, at := range b.at {
		areas, named = append(areas, string(at.area)), append(named, at.named)
	}
	for _, m := range b.model {
		classes, models = append(classes, m.class), append(models, m.name)
	}
	for blocks := range slices.Chunk(b.rows, BatchRows/blockRows) {
		rows := (len(blocks)-1)*blockRows + len(blocks[len(blocks)-1])
		row := func(i int) *bulletin { return &blocks[i/blockRows][i%blockRows] }
		lines := make([]int32, rows)
		for i := range lines {
			lines[i] = row(i).line
		}
		c := b.columns(rows)
		c.Text("strike_id", func(text []byte, i int) []byte { return row(i).id.appendNumbered(text, row(i).number) })
		c.Coded("area_id", areas, func(i int) int { return int(row(i).at) })
		c.Coded("areas_named", named, func(i int) int { return int(row(i).at) })
		c.Bool("named_alone", func(i int) (v, ok bool) { return b.at[row(i).at].alone, true })
		c.Coded("publisher", publishers, func(i int) int { return int(row(i).publisher) })
		c.Timestamp("start_utc", func(i int) hour.Instant { return row(i).window.Start })
		c.Timestamp("end_utc", func(i int) hour.Instant { return row(i).window.End })
		c.Coded("time_precision", precisions, func(i int) int { return int(row(i).precision) })
		c.Coded("weapon", classes, func(i int) int { return int(row(i).model) })
		c.Coded("model", models, func(i int) int { return int(row(i).model) })
		c.Coded("target_class", []string{"unknown"}, func(int) int { return 0 })
		c.Int32("launched", func(i int) (int32, bool) { return row(i).launched.N, row(i).launched.Known })
		c.Int32("intercepted", func(i int) (int32, bool) { return row(i).intercepted.N, row(i).intercepted.Known })
		c.Int32("lost", func(i int) (int32, bool) { return row(i).lost.N, row(i).lost.Known })
		c.Int32("impacts", func(i int) (int32, bool) { return row(i).impacts.N, row(i).impacts.Known })
		c.Bool("class_uses_outcome", func(int) (v, ok bool) { return false, true })
		if err := b.emitColumns(c, lines); err != nil {
			return err
		}
	}
	return nil
}

// add finds the meaning of a row.
func (b *bulletins) add(strike source.Strike) error {
	target, err := b.places(strike.Target, strike.Origin, "target")
	if err != nil {
		return err
	}
	main, err := b.places(strike.TargetMain, strike.TargetMainOrigin, "target_main")
	if err != nil {
		return err
	}
	affected, err := b.places(strings.Join(strike.Affected, ","), strike.AffectedOrigin, "affected region")
	if err != nil {
		return err
	}
	at := target.alone
	switch {
	case target.abroad && !target.wider && len(target.oblasts) == 0:
		return &source.ParseError{Origin: strike.Origin, Field: "target", Value: strike.Target, Code: source.NotAllowed, Err: errAbroad}
	case len(main.oblasts)+len(affected.oblasts) > 0:
		at = b.together(target.naming, main.oblasts, affected.oblasts)
	}
	publisher := publisherFamily(strike.Publisher)
	if n := len(b.rows); n == 0 || len(b.rows[n-1]) == cap(b.rows[n-1]) {
		b.rows = append(b.rows, make([]bulletin, 0, blockRows))
	}
	block := &b.rows[len(b.rows)-1]
	*block = append(*block, bulletin{
		id: b.hash(&strike, publishers[publisher]), line: int32(strike.Line), number: 1, window: strike.Window, precision: int8(slices.Index(precisions, strike.Precision)),
		at: at, publisher: publisher, model: b.modelOf(strike.Model),
		launched: strike.Launched, intercepted: strike.Intercepted, lost: strike.Lost, impacts: strike.Impacts,
	})
	return nil
}

// hash returns the identity of a row.
func (b *bulletins) hash(strike *source.Strike, publisher string) contentHash {
	text := b.hashed[:b.windowEnds]
	if b.windowEnds == 0 || strike.Window != b.window {
		var space [40]byte
		text = appendPart(b.hashed[:0], strike.Window.Start.Append(space[:0]))
		text = appendPart(text, strike.Window.End.Append(space[:0]))
		b.window, b.windowEnds = strike.Window, len(text)
	}
	text = appendPart(text, strike.Model)
	text = appendPart(text, strike.Target)
	b.hashed = appendPart(text, publisher)
	return hashParts(b.hashed)
}

// each yields the rows in the order written.
func (b *bulletins) each() iter.Seq[*bulletin] {
	return func(yield func(*bulletin) bool) {
		for _, block := range b.rows {
			for i := range block {
				if !yield(&block[i]) {
					return
				}
			}
		}
	}
}

// places finds the places of a field, once for each text.
func (b *bulletins) places(text string, origin source.Origin, field string) (*knownPlaces, error) {
	if text == "" {
		return &b.nowhere, nil
	}
	if p, ok := b.known[text]; ok {
		return p, nil
	}
	n, err := b.bulletinPlaces(text, origin, field)
	if err != nil {
		return nil, err
	}
	p := &knownPlaces{n, b.together(n)}
	b.known[strings.Clone(text)] = p
	return p, nil
}

// together returns what the places of target say with oblasts named elsewhere.
func (b *bulletins) together(target naming, others ...[]area.ID) int32 {
	p := bulletinPlace{area: b.country}
	if len(target.oblasts) == 1 && !target.wider && !target.abroad {
		p.area, p.alone = target.oblasts[0], true
	}
	var named []string
	for _, id := range slices.Concat(append(others, target.oblasts)...) {
		named = append(named, string(id))
	}
	slices.Sort(named)
	p.named = strings.Join(slices.Compact(named), "|")
	i, ok := b.atOf[p]
	if !ok {
		i = int32(len(b.at))
		b.at = append(b.at, p)
		b.atOf[p] = i
	}
	return i
}

// modelOf finds the class of a model, once for each.
func (b *bulletins) modelOf(name string) int32 {
	i, ok := b.models[name]
	if !ok {
		name = strings.Clone(name)
		i = int32(len(b.model))
		b.model = append(b.model, weaponModel{name, weapon(name)})
		b.models[name] = i
	}
	return i
}

func publisherFamily(account string) int8 {
	account, _, _ = strings.Cut(account, ".") // GeneralStaff.ua
	for i, p := range publishers {
		if strings.EqualFold(account, p) {
			return int8(i)
		}
	}
	return int8(len(publishers) - 1)
}

// number tells rows of one id apart.
func (b *bulletins) number() {
	rows := 0
	for _, block := range b.rows {
		rows += len(block)
	}
	first := make(map[contentHash]*bulletin, rows) // row of an id; nil once it is in order
	var order []*bulletin                          // those that share theirs
	for row := range b.each() {
		other, ok := first[row.id]
		if !ok {
			first[row.id] = row
			continue
		}
		if other != nil {
			first[row.id] = nil
			order = append(order, other)
		}
		order = append(order, row)
	}
	slices.SortFunc(order, func(x, y *bulletin) int {
		if c := bytes.Compare(x.id[:], y.id[:]); c != 0 {
			return c
		}
		return cmp.Or(
			compareCounts(x.launched, y.launched),
			compareCounts(x.intercepted, y.intercepted),
			compareCounts(x.lost, y.lost),
			compareCounts(x.impacts, y.impacts),
			strings.Compare(b.at[x.at].named, b.at[y.at].named),
			cmp.Compare(x.line, y.line),
		)
	})
	for i, row := range order {
		if i > 0 && order[i-1].id == row.id {
			row.number = order[i-1].number + 1
		}
	}
}

// compareCounts orders counts, unknown first.
func compareCounts(a, b source.Count) int {
	if a.Known != b.Known {
		if b.Known {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.N, b.N)
}
