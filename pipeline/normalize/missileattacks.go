package normalize

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/missileattacks"
	"hardship/pipeline/table"
)

// publishers are the families of accounts that issue bulletins, in lower case:
// the national Air Force, whose rows make totals, then commands whose rows
// overlap its own. Every other account is other, the last.
var publishers = []string{"kpszsu", "pvkpivden", "pvkshid", "pvkzahid", "pvkcenter", "generalstaff", "cincafu", "other"}

var errAbroad = errors.New("names only places outside Ukraine")

// bulletinRows are rows of the table of missile attacks with their meaning found, as
// many as a batch has at most, by column. All rows of a file are held, so they keep no
// part of the file's own text, and nothing that the collector of memory would have to
// look at.
type bulletinRows struct {
	numbers               []int32 // of rows that share their id, from 1; nil where none does
	ids                   []contentHash
	lines                 []int32
	at                    []int32 // of bulletins.at
	models                []int32 // of bulletins.model
	publishers            []int32 // of publishers
	precisions            []int32 // of precisions
	starts, ends          []int64
	launched, intercepted countColumn
	lost, impacts         countColumn
}

// A countColumn holds counts, of which those unknown are 0.
type countColumn struct {
	n     []int32
	known table.Marks
}

func (c *countColumn) add(v source.Count) {
	if v.Known {
		c.known.Set(len(c.n))
	}
	c.n = append(c.n, v.N)
}

func (c *countColumn) at(row int) source.Count {
	return source.Count{N: c.n[row], Known: c.known.Has(row)}
}

// grow makes room for as many rows more.
func (b *bulletinRows) grow(rows int) {
	b.ids = slices.Grow(b.ids, rows)
	for _, c := range []*[]int32{&b.lines, &b.at, &b.models, &b.publishers, &b.precisions, &b.launched.n, &b.intercepted.n, &b.lost.n, &b.impacts.n} {
		*c = slices.Grow(*c, rows)
	}
	b.starts, b.ends = slices.Grow(b.starts, rows), slices.Grow(b.ends, rows)
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
	country                        area.ID
	batches                        []*bulletinRows
	known                          map[string]*knownPlaces // by the text of a field
	targets, targetsMain, affected placesByNumber
	nowhere                        knownPlaces             // of an empty field
	at                             []bulletinPlace         // each once; the first is the country
	atOf                           map[bulletinPlace]int32 // where it is in at
	joined                         map[[3]*knownPlaces]int32
	models                         []int32 // where a model is in model, by its number; -1 where it is not yet
	model                          []weaponModel

	account string // of the row before
	family  int32  // its own, of publishers; -1 before the first row

	// What the identity of the row before was made from, whose window the next
	// often shares.
	hashed                []byte
	window                hour.Interval
	startEnds, windowEnds int // in hashed; 0 before the first row
	start, end            hour.Stamp
}

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
	all := bulletins{Sink: s, country: country, family: -1, at: []bulletinPlace{nowhere}, atOf: map[bulletinPlace]int32{nowhere: 0}, known: map[string]*knownPlaces{}, joined: map[[3]*knownPlaces]int32{}}
	if err := each(s, missileattacks.Strikes(r, name, s.Source.Location), all.add); err != nil {
		return err
	}
	all.number()
	return all.emit()
}

// emit hands on the rows: there are many, and few different texts.
func (b *bulletins) emit() error {
	var areas, named, classes, models []string
	for _, at := range b.at {
		areas, named = append(areas, string(at.area)), append(named, at.named)
	}
	for _, m := range b.model {
		classes, models = append(classes, m.class), append(models, m.name)
	}
	for _, rows := range b.batches {
		var alone table.Marks
		for row, at := range rows.at {
			if b.at[at].alone {
				alone.Set(row)
			}
		}
		c := b.columns(len(rows.ids))
		c.Text("strike_id", func(text []byte, row int) []byte {
			number := int32(1)
			if rows.numbers != nil {
				number = max(number, rows.numbers[row])
			}
			return rows.ids[row].appendNumbered(text, number)
		})
		c.Codes("area_id", areas, rows.at)
		c.Codes("areas_named", named, rows.at)
		c.Bools("named_alone", alone)
		c.Codes("publisher", publishers, rows.publishers)
		c.Timestamps("start_utc", rows.starts)
		c.Timestamps("end_utc", rows.ends)
		c.Codes("time_precision", precisions, rows.precisions)
		c.Codes("weapon", classes, rows.models)
		c.Codes("model", models, rows.models)
		c.Same("target_class", "unknown")
		c.Int32s("launched", rows.launched.n, rows.launched.known)
		c.Int32s("intercepted", rows.intercepted.n, rows.intercepted.known)
		c.Int32s("lost", rows.lost.n, rows.lost.known)
		c.Int32s("impacts", rows.impacts.n, rows.impacts.known)
		c.Bools("class_uses_outcome", table.Marks{})
		if err := b.emitColumns(c, rows.lines); err != nil {
			return err
		}
	}
	return nil
}

// add finds the meaning of a row.
func (b *bulletins) add(strike *missileattacks.Strike) error {
	target, err := b.places(&b.targets, strike.TargetNumber, strike.Target, strike.Origin, "target")
	if err != nil {
		return err
	}
	main, err := b.places(&b.targetsMain, strike.TargetMainNumber, strike.TargetMain, strike.TargetMainOrigin, "target_main")
	if err != nil {
		return err
	}
	affected, err := b.affectedPlaces(strike)
	if err != nil {
		return err
	}
	at := target.alone
	switch {
	case target.abroad && !target.wider && len(target.oblasts) == 0:
		return &source.ParseError{Origin: strike.Origin, Field: "target", Value: strike.Target, Code: source.NotAllowed, Err: errAbroad}
	case len(main.oblasts)+len(affected.oblasts) > 0:
		at = b.allOf([3]*knownPlaces{target, main, affected})
	}
	if b.family < 0 || strike.Publisher != b.account {
		b.account, b.family = strike.Publisher, publisherFamily(strike.Publisher)
	}
	rows := b.room()
	rows.ids = append(rows.ids, b.hash(&strike.Strike, publishers[b.family]))
	rows.lines = append(rows.lines, int32(strike.Line))
	rows.at = append(rows.at, at)
	rows.models = append(rows.models, b.modelOf(strike))
	rows.publishers = append(rows.publishers, b.family)
	rows.precisions = append(rows.precisions, int32(slices.Index(precisions, strike.Precision)))
	rows.starts, rows.ends = append(rows.starts, int64(strike.Window.Start)), append(rows.ends, int64(strike.Window.End))
	rows.launched.add(strike.Launched)
	rows.intercepted.add(strike.Intercepted)
	rows.lost.add(strike.Lost)
	rows.impacts.add(strike.Impacts)
	return nil
}

// room returns the batch that has room for a row.
func (b *bulletins) room() *bulletinRows {
	n := len(b.batches)
	if n == 0 || len(b.batches[n-1].ids) == BatchRows {
		b.batches = append(b.batches, &bulletinRows{})
		if n > 0 { // the file is large
			b.batches[n].grow(BatchRows)
		}
		n++
	}
	rows := b.batches[n-1]
	if len(rows.ids) == cap(rows.ids) {
		rows.grow(max(1024, 3*len(rows.ids)))
	}
	return rows
}

// hash returns the identity of a row.
func (b *bulletins) hash(strike *source.Strike, publisher string) contentHash {
	var space [40]byte
	if b.startEnds == 0 || strike.Window.Start != b.window.Start {
		b.hashed = appendPart(b.hashed[:0], b.start.Append(space[:0], strike.Window.Start))
		b.startEnds, b.windowEnds = len(b.hashed), 0
	}
	text := b.hashed[:b.windowEnds]
	if b.windowEnds == 0 || strike.Window.End != b.window.End {
		text = appendPart(b.hashed[:b.startEnds], b.end.Append(space[:0], strike.Window.End))
		b.windowEnds = len(text)
	}
	b.window = strike.Window
	text = appendPart(text, strike.Model)
	text = appendPart(text, strike.Target)
	b.hashed = appendPart(text, publisher)
	return hashParts(b.hashed)
}

// placesByNumber are those of the texts of a field; nil where they are not known yet.
type placesByNumber []*knownPlaces

// of returns the place in the list of the text of a number.
func (p *placesByNumber) of(number int32) **knownPlaces {
	for int(number) >= len(*p) {
		*p = append(*p, nil)
	}
	return &(*p)[number]
}

// places finds the places of a field, once for each text.
func (b *bulletins) places(of *placesByNumber, number int32, text string, origin source.Origin, field string) (*knownPlaces, error) {
	known := of.of(number)
	if *known == nil {
		places, err := b.placesOf(text, origin, field)
		if err != nil {
			return nil, err
		}
		*known = places
	}
	return *known, nil
}

// affectedPlaces is places for affected region.
func (b *bulletins) affectedPlaces(strike *missileattacks.Strike) (*knownPlaces, error) {
	if len(strike.Affected) == 0 {
		return &b.nowhere, nil
	}
	if known := *b.affected.of(strike.AffectedNumber); known != nil {
		return known, nil
	}
	return b.places(&b.affected, strike.AffectedNumber, strings.Join(strike.Affected, ","), strike.AffectedOrigin, "affected region")
}

// placesOf finds the places of a text that a field has for the first time.
func (b *bulletins) placesOf(text string, origin source.Origin, field string) (*knownPlaces, error) {
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
	b.known[text] = p
	return p, nil
}

// allOf returns what fields of places say together: target, target_main and affected
// region.
func (b *bulletins) allOf(fields [3]*knownPlaces) int32 {
	at, ok := b.joined[fields]
	if !ok {
		at = b.together(fields[0].naming, fields[1].oblasts, fields[2].oblasts)
		b.joined[fields] = at
	}
	return at
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
func (b *bulletins) modelOf(strike *missileattacks.Strike) int32 {
	for int(strike.ModelNumber) >= len(b.models) {
		b.models = append(b.models, -1)
	}
	i := &b.models[strike.ModelNumber]
	if *i < 0 {
		*i = int32(len(b.model))
		b.model = append(b.model, weaponModel{strike.Model, weapon(strike.Model)})
	}
	return *i
}

func publisherFamily(account string) int32 {
	account, _, _ = strings.Cut(account, ".") // GeneralStaff.ua
	for i, p := range publishers {
		if strings.EqualFold(account, p) {
			return int32(i)
		}
	}
	return int32(len(publishers) - 1)
}

// number tells rows of one id apart.
func (b *bulletins) number() {
	shared := b.sharing()
	slices.SortFunc(shared, func(x, y sharedID) int {
		if c := cmp.Compare(x.first, y.first); c != 0 {
			return c
		}
		return b.compare(x.row, y.row)
	})
	number := int32(1)
	for i, s := range shared {
		if number++; i == 0 || s.first != shared[i-1].first {
			number = 1
		}
		of := b.batches[s.row/BatchRows]
		if of.numbers == nil {
			of.numbers = make([]int32, len(of.ids))
		}
		of.numbers[s.row%BatchRows] = number
	}
}

// A sharedID is that of several rows, in one of them. Rows are numbered through all
// batches.
type sharedID struct{ first, row int }

// compare orders two rows of one id: by their counts, then by what else they say.
func (b *bulletins) compare(i, j int) int {
	x, y := b.batches[i/BatchRows], b.batches[j/BatchRows]
	i, j = i%BatchRows, j%BatchRows
	for _, counts := range [][2]*countColumn{{&x.launched, &y.launched}, {&x.intercepted, &y.intercepted}, {&x.lost, &y.lost}, {&x.impacts, &y.impacts}} {
		if c := compareCounts(counts[0].at(i), counts[1].at(j)); c != 0 {
			return c
		}
	}
	return cmp.Or(strings.Compare(b.at[x.at[i]].named, b.at[y.at[j]].named), cmp.Compare(x.lines[i], y.lines[j]))
}

// sharing returns the rows that share their id with another.
func (b *bulletins) sharing() []sharedID {
	rows := 0
	for _, batch := range b.batches {
		rows += len(batch.ids)
	}
	// The first row of each id, at a place that its bits tell or behind it: an id is a
	// hash already.
	first := make([]int32, 2<<bits.Len(uint(rows))) // 1 + the row; below 0 once it is in shared
	var shared []sharedID
	for n, batch := range b.batches {
		for row, id := range batch.ids {
			place := binary.LittleEndian.Uint64(id[:])
			for {
				place &= uint64(len(first) - 1)
				other := first[place]
				if other == 0 {
					first[place] = int32(n*BatchRows + row + 1)
					break
				}
				at := int(max(other, -other)) - 1
				if b.batches[at/BatchRows].ids[at%BatchRows] == id {
					if other > 0 {
						first[place] = -other
						shared = append(shared, sharedID{at, at})
					}
					shared = append(shared, sharedID{at, n*BatchRows + row})
					break
				}
				place++
			}
		}
	}
	return shared
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
