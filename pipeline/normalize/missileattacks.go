package normalize

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
	"hardship/pipeline/source/missileattacks"
	"hardship/pipeline/table"
)

// publishers are the families of accounts that issue bulletins, in lower case:
// the national Air Force, whose rows make totals, then commands whose rows
// overlap its own. Every other account is other.
var publishers = map[string]bool{
	"kpszsu": true, "pvkpivden": true, "pvkshid": true, "pvkzahid": true, "pvkcenter": true,
	"generalstaff": true, "cincafu": true,
}

var errAbroad = errors.New("names only places outside Ukraine")

// A bulletin is a row of the table of missile attacks with its meaning found.
type bulletin struct {
	source.Strike
	id        string
	area      area.ID
	named     string // areas_named
	alone     bool
	publisher string
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
	var rows []*bulletin
	known := map[string]naming{}
	err = each(s, missileattacks.Read(r, name, s.Source.Location), func(strike source.Strike) error {
		row, err := s.bulletin(strike, country, known)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return err
	}
	numberBulletins(rows)
	for _, row := range rows {
		b := s.Keep("", 0)
		b.String("strike_id", row.id)
		b.String("area_id", string(row.area))
		b.OptionalString("areas_named", row.named)
		b.Bool("named_alone", row.alone)
		b.String("publisher", row.publisher)
		b.Timestamp("start_utc", row.Window.Start)
		b.Timestamp("end_utc", row.Window.End)
		b.String("time_precision", row.Precision)
		b.String("weapon", weapon(row.Model))
		b.OptionalString("model", row.Model)
		b.String("target_class", "unknown")
		table.Optional(b.Int32, "launched", row.Launched.N, row.Launched.Known)
		table.Optional(b.Int32, "intercepted", row.Intercepted.N, row.Intercepted.Known)
		table.Optional(b.Int32, "lost", row.Lost.N, row.Lost.Known)
		table.Optional(b.Int32, "impacts", row.Impacts.N, row.Impacts.Known)
		b.Bool("class_uses_outcome", false)
		if b.Rows() >= BatchRows {
			if err := s.Flush(); err != nil {
				return err
			}
		}
	}
	return s.Flush()
}

// bulletin finds the meaning of a row. known are the places of targets, of which
// bulletins repeat few, by their text.
func (s *Sink) bulletin(strike source.Strike, country area.ID, known map[string]naming) (*bulletin, error) {
	row := &bulletin{Strike: strike, area: country, publisher: publisherFamily(strike.Publisher)}
	target, ok := known[strike.Target]
	if !ok {
		var err error
		if target, err = s.bulletinPlaces([]string{strike.Target}, strike.Origin, "target"); err != nil {
			return nil, err
		}
		known[strike.Target] = target
	}
	main, err := s.bulletinPlaces([]string{strike.TargetMain}, strike.TargetMainOrigin, "target_main")
	if err != nil {
		return nil, err
	}
	affected, err := s.bulletinPlaces(strike.Affected, strike.AffectedOrigin, "affected region")
	if err != nil {
		return nil, err
	}
	switch {
	case target.abroad && !target.wider && len(target.oblasts) == 0:
		return nil, &source.ParseError{Origin: strike.Origin, Field: "target", Value: strike.Target, Code: source.NotAllowed, Err: errAbroad}
	case len(target.oblasts) == 1 && !target.wider && !target.abroad:
		row.area, row.alone = target.oblasts[0], true
	}
	var named []string
	for _, id := range slices.Concat(target.oblasts, main.oblasts, affected.oblasts) {
		named = append(named, string(id))
	}
	slices.Sort(named)
	row.named = strings.Join(slices.Compact(named), "|")
	row.id = contentID(strike.Window.Start.String(), strike.Window.End.String(), strike.Model, strike.Target, row.publisher)
	return row, nil
}

func publisherFamily(account string) string {
	account, _, _ = strings.Cut(account, ".") // GeneralStaff.ua
	if account = strings.ToLower(account); publishers[account] {
		return account
	}
	return "other"
}

// numberBulletins tells rows of one id apart.
func numberBulletins(rows []*bulletin) {
	of := make(map[string]int, len(rows)) // rows of an id
	for _, row := range rows {
		of[row.id]++
	}
	var order []*bulletin // of those that share theirs
	for _, row := range rows {
		if of[row.id] > 1 {
			order = append(order, row)
		}
	}
	slices.SortFunc(order, func(a, b *bulletin) int {
		return cmp.Or(
			strings.Compare(a.id, b.id),
			compareCounts(a.Launched, b.Launched),
			compareCounts(a.Intercepted, b.Intercepted),
			compareCounts(a.Lost, b.Lost),
			compareCounts(a.Impacts, b.Impacts),
			strings.Compare(a.named, b.named),
			cmp.Compare(a.Line, b.Line),
		)
	})
	numbers := repeats{}
	for _, row := range order {
		row.id = numbers.number(row.id)
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
