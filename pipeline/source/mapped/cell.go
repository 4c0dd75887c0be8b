package mapped

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/table"
)

// A value is one cell, in the member that its column's type asks for.
type value struct {
	known  bool
	flag   bool
	whole  int64 // Int32, Int64, Date (days) and Timestamp (microseconds)
	number float64
	text   string
}

// parse reads a cell as a text file writes it.
func (f *field) parse(p *plan, s string) (value, source.Code, error) {
	s = f.meant(s)
	if f.column.Type == table.String {
		w := f.word(p, s)
		return value{known: w.known, text: w.text}, w.code, w.err
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return f.absent()
	}
	switch f.column.Type {
	case table.Bool:
		flag, err := strconv.ParseBool(s)
		if err != nil {
			return value{}, source.NotAllowed, errNotABool
		}
		return value{known: true, flag: flag}, "", nil
	case table.Date:
		return f.date(s)
	case table.Timestamp:
		if f.epoch == 0 {
			return f.time(p, s)
		}
	}
	if f.from != "" { // what the mapping and the schema say is written with a point
		plain, ok := p.numerals.plain(s)
		if !ok {
			return value{}, source.NotANumber, source.ErrNotANumber
		}
		s = plain
	}
	v, err := csvfile.Decimal(s)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return value{}, source.OutOfRange, errTooLarge
	case err != nil:
		return value{}, source.NotANumber, source.ErrNotANumber
	}
	return f.quantity(v)
}

// absent is the value of an empty cell, or the error that it is where the
// column may not be null.
func (f *field) absent() (value, source.Code, error) {
	if f.column.Null {
		return value{}, "", nil
	}
	return value{}, source.MissingValue, source.ErrMissing
}

// quantity makes a cell of a number in the file's unit, where the column is a
// number or a time counted since 1970.
func (f *field) quantity(v float64) (value, source.Code, error) {
	if f.epoch != 0 {
		at := v * float64(f.epoch)
		if math.Abs(at) > float64(latest) {
			return value{}, source.OutOfRange, errEpoch
		}
		return value{known: true, whole: int64(math.Floor(at)) - int64(f.back)}, "", nil
	}
	if f.unit != nil {
		v = f.unit(v)
	}
	if lo, hi := f.bounds(); v < lo || v > hi {
		return value{}, source.OutOfRange, fmt.Errorf("is outside %v to %v%s", lo, hi, strings.TrimRight(" "+f.column.Unit, " "))
	}
	if f.column.Type == table.Float64 {
		return value{known: true, number: v}, "", nil
	}
	if v != math.Trunc(v) {
		return value{}, source.NotANumber, source.ErrNotAWhole
	}
	return value{known: true, whole: int64(v)}, "", nil
}

// latest is the last instant that a count since 1970 may stand for. Beyond it,
// seconds and milliseconds have been mixed up.
var latest = hour.Date(10000, 1, 1).Time().UnixMicro()

// bounds returns the range of numbers that the column may hold.
func (f *field) bounds() (lo, hi float64) {
	switch c := f.column; {
	case c.Min != 0 || c.Max != 0:
		return c.Min, c.Max
	case c.Type == table.Int32:
		return math.MinInt32, math.MaxInt32
	case c.Type == table.Int64:
		return -1 << 53, 1 << 53 // beyond, a float64 skips whole numbers
	}
	return math.Inf(-1), math.Inf(1)
}

// meant returns what a text of the file stands for, by the mapping's words.
func (f *field) meant(s string) string {
	if f.meanings == nil {
		return s
	}
	t := strings.TrimSpace(s)
	if m, ok := f.meanings[t]; ok {
		return m
	}
	if m, ok := f.meanings["*"]; ok && t != "" {
		return m
	}
	return s
}

// A word is the translation of a text: what the canonical table holds for it,
// or why it holds nothing.
type word struct {
	known bool
	text  string
	code  source.Code
	err   error
}

// Limits of text, so that memory does not depend on the file.
const (
	maxText  = 4096    // bytes of a cell
	maxWords = 1 << 14 // translations of a column that are kept
)

// word translates a text of the file.
func (f *field) word(p *plan, s string) word {
	switch {
	case len(s) > maxText:
		return word{code: source.OutOfRange, err: errLongText}
	case !f.translated():
		return f.plain(s)
	}
	w, ok := f.words[s]
	if ok {
		return w
	}
	w = f.translate(p, strings.TrimSpace(s))
	if len(f.words) >= maxWords {
		clear(f.words)
	}
	f.words[strings.Clone(s)] = w // s may be a part of a whole row
	return w
}

// translated reports whether the column's texts have a meaning to be looked up.
func (f *field) translated() bool {
	return f.column.Enum != nil || f.separators() != nil || f.column.Name == "tz"
}

func (f *field) plain(s string) word {
	if s != "" {
		return word{known: true, text: s}
	}
	_, code, err := f.absent()
	return word{code: code, err: err}
}

func (f *field) translate(p *plan, s string) word {
	switch enum := f.column.Enum; {
	case s == "" && slices.Contains(enum, "unknown"):
		return word{known: true, text: "unknown"}
	case s == "":
		return f.plain(s)
	case enum != nil && !slices.Contains(enum, s):
		return word{code: source.NotAllowed, err: fmt.Errorf("is not one of %s", strings.Join(enum, ", "))}
	case f.column.Name == "tz":
		loc, err := hour.LoadLocation(s)
		if err != nil {
			return word{code: source.NotAllowed, err: err}
		}
		return word{known: true, text: loc.String()}
	case enum == nil && p.area != nil:
		text, err := p.places(s, f.separators())
		if err != nil {
			return word{code: source.UnknownArea, err: err}
		}
		return word{known: true, text: text}
	}
	return word{known: true, text: s}
}

// separators returns the signs that part places in the column, from the outer
// to the inner; nil if it does not hold places. One place has no sign.
func (f *field) separators() []string {
	switch f.column.Name {
	case "area_id":
		return []string{}
	case "areas_named":
		return []string{"|"}
	case "places":
		return []string{"|", "+"}
	}
	return nil
}

// places resolves the places of a list within lists.
func (p *plan) places(s string, separators []string) (string, error) {
	if len(separators) == 0 {
		id, level, err := p.area(strings.TrimSpace(s))
		if err == nil {
			p.levels[id] = level
		}
		return id, err
	}
	parts := strings.Split(s, separators[0])
	for i, part := range parts {
		var err error
		if parts[i], err = p.places(part, separators[1:]); err != nil {
			return "", err
		}
	}
	return strings.Join(parts, separators[0]), nil
}

var (
	errNotABool = errors.New("is neither true nor false")
	errNotADate = errors.New("not a date such as 2026-01-15")
	errTooLarge = errors.New("number too large")
	errLongText = fmt.Errorf("is longer than %d bytes", maxText)
	errEpoch    = errors.New("counts to no year before 10000: is it in another unit?")
	errNoClock  = errors.New("a date without a clock time; give time_precision in a column or a constant if days are meant")
)
