package mapped

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/spelling"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// A plan says where each column of a canonical table comes from.
type plan struct {
	schema *table.Schema
	fields []field // in the order of the schema
	pairs  []pair
	area   func(name string) (string, int32, error)
	levels map[string]int32 // of the areas seen
	clock  clock
	stamps clock // of time_utc, which may be the ends of hours
	ids    identities

	anonymous bool // see Mapping

	numerals numerals
	events   bool // rows are changes: see EventColumns
	position *position
	private  bool // rows hold positions, which are shown nowhere

	// needsClock is set where nothing says how precise times are: a date alone
	// would pass for a strike at midnight, to the minute.
	needsClock bool
}

// A field is one column of the canonical table.
type field struct {
	column table.Column
	origin origin
	from   string                // column of the file, if that is its origin
	and    []string              // columns whose text follows from's, after a blank
	unit   func(float64) float64 // from the file's unit to the column's; nil if they are one
	epoch  hour.Instant          // what a number of the file counts since 1970; 0 if it is a time
	back   hour.Instant          // taken from it: an hour where it is the end of one
	value  value                 // of every row, if fixed
	copyOf int                   // column of which it is a copy
	words  map[string]word       // translations of text already made

	meanings map[string]string // of the file's words
	layout   *layout           // of its times; nil for ISO 8601
}

// origin is where the cells of a field come from.
type origin uint8

const (
	inFile       origin = iota
	fixed               // one value for every row
	null                // unknown in every row
	copied              // the same as another column
	fromContent         // an identity made from the rest of the row
	fromPosition        // a name made from lat and lon
	belowCountry        // whether area_id lies below the country
)

// A variant is a name under which a file can give columns in another unit.
type variant struct {
	name    string
	columns []string
	unit    func(float64) float64
	epoch   hour.Instant
}

// variants returns the names that a schema's columns go by: their own first,
// then those that say another unit.
func variants(s *table.Schema) []variant {
	var known []variant
	for _, c := range s.Columns {
		known = append(known, variant{name: c.Name, columns: []string{c.Name}})
	}
	for _, v := range []variant{
		{name: "t_f", columns: []string{"t_c"}, unit: func(v float64) float64 { return float64(unit.Fahrenheit(v)) }},
		{name: "t_k", columns: []string{"t_c"}, unit: func(v float64) float64 { return float64(unit.Kelvin(v)) }},
		{name: "wind_ms", columns: []string{"wind_kmh"}, unit: func(v float64) float64 { return float64(unit.MetresPerSecond(v)) }},
		{name: "wind_kn", columns: []string{"wind_kmh"}, unit: func(v float64) float64 { return float64(unit.Knots(v)) }},
		{name: "wind_mph", columns: []string{"wind_kmh"}, unit: func(v float64) float64 { return float64(unit.MilesPerHour(v)) }},
		{name: "customers", columns: []string{"customers_lo", "customers_hi"}},
	} {
		if s.Index(v.columns[0]) >= 0 {
			known = append(known, v)
		}
	}
	for _, c := range s.Columns {
		if c.Type == table.Timestamp {
			stem := strings.TrimSuffix(c.Name, "_utc")
			known = append(known,
				variant{name: stem + "_epoch_s", columns: []string{c.Name}, epoch: hour.Second},
				variant{name: stem + "_epoch_ms", columns: []string{c.Name}, epoch: hour.Second / 1000})
		}
	}
	return known
}

// A planner gathers what is wrong with a mapping, so that all of it is reported
// at once.
type planner struct {
	*plan
	variants []variant
	found    []string // columns of the file
	bound    []bool   // by column of the schema
	used     map[string]bool
	wrong    []string
}

// newPlan matches a mapping with the columns of a file. name is the file's, for
// errors, which are *source.FileError.
func newPlan(s *table.Schema, m *Mapping, found []string, name string) (*plan, error) {
	filled, events := s, isEventLog(s, m)
	if events {
		s = eventSchema(s)
	}
	p := &planner{
		plan:     &plan{schema: s, fields: make([]field, len(s.Columns)), area: m.Area, anonymous: m.Anonymous, ids: identities{folder: m.Folder}, levels: map[string]int32{}, clock: clock{Clock: hour.Clock{Location: m.Location}}, stamps: clock{Clock: hour.Clock{Location: m.Location}, hourEnding: m.HourEnding}},
		variants: variants(s),
		found:    found,
		bound:    make([]bool, len(s.Columns)),
		used:     map[string]bool{},
	}
	for i, c := range s.Columns {
		p.fields[i] = field{column: c, words: map[string]word{}}
		if c.Name == "time_utc" {
			p.fields[i].back = p.stamps.shift()
		}
	}
	var err error
	if p.numerals, err = newNumerals(m.Decimal, m.Thousands); err != nil {
		p.fault("%v", err)
	}
	if m.HourEnding && s.Index("time_utc") < 0 {
		p.fault("the table %s has no time_utc that could be the end of an hour", s.Name)
	}
	columns := p.bindPosition(m)
	p.bindColumns(columns)
	p.bindConstants(m.Constants)
	p.bindFound()
	p.findPosition(m)
	p.bindDefaults(m.Defaults)
	p.settlePosition()
	p.bindSchemaDefaults()
	p.bindLayouts(m)
	if p.wrong != nil {
		return nil, &source.FileError{File: name, Code: source.WrongFormat, Err: errors.New(strings.Join(p.wrong, "; "))}
	}
	p.pair()
	if p.events = events; events {
		p.schema = filled
		if i := filled.Index("supplied"); i >= 0 {
			p.fields[i].origin = inFile // the event says it
		}
	}
	return p.plan, nil
}

func (p *planner) fault(format string, args ...any) {
	p.wrong = append(p.wrong, fmt.Sprintf(format, args...))
}

// lookup returns the variant that a key of the mapping names.
func (p *planner) lookup(key, kind string) (variant, bool) {
	i := slices.IndexFunc(p.variants, func(v variant) bool { return v.name == key })
	if i >= 0 {
		return p.variants[i], true
	}
	var names []string
	for _, v := range p.variants {
		names = append(names, v.name)
	}
	p.fault("the table %s has no column %q, for which the mapping gives a %s%s", p.schema.Name, key, kind, didYouMean(spelling.Near(key, names)))
	return variant{}, false
}

// bind claims the columns of a variant, but for those claimed already; it
// reports a column that the mapping claims twice.
func (p *planner) bind(v variant, twice bool, set func(*field)) {
	for _, name := range v.columns {
		i := p.schema.Index(name)
		if p.bound[i] {
			if twice {
				p.fault("the mapping sets %s twice, once by %s", name, v.name)
			}
			continue
		}
		p.bound[i] = true
		f := &p.fields[i]
		f.unit, f.epoch = v.unit, v.epoch
		set(f)
	}
}

func (p *planner) bindColumns(columns map[string]Column) {
	for _, key := range slices.Sorted(maps.Keys(columns)) {
		v, ok := p.lookup(key, "column")
		if !ok {
			continue
		}
		column := columns[key]
		for _, from := range column.From {
			if !slices.Contains(p.found, from) {
				p.fault("no column %q, to be read as %s%s; found %s", from, key, didYouMean(spelling.Near(from, p.found)), list(p.found))
			}
			p.used[from] = true
		}
		p.bind(v, true, func(f *field) {
			f.from, f.and, f.meanings = column.From[0], column.From[1:], column.Words
			f.setLayout(p, column.Format)
		})
	}
}

// setLayout gives a time or date the layout in which the file writes it.
func (f *field) setLayout(p *planner, format string) {
	if format == "" {
		return
	}
	if f.column.Type != table.Timestamp && f.column.Type != table.Date || f.epoch != 0 {
		p.fault("%s has a format, which only written times and dates have", f.column.Name)
		return
	}
	var err error
	if f.layout, err = newLayout(format); err != nil {
		p.fault("the format of %s: %v", f.column.Name, err)
	}
}

// bindLayouts gives times and dates of the file the layout of all of them,
// unless they have their own.
func (p *planner) bindLayouts(m *Mapping) {
	for i := range p.fields {
		f := &p.fields[i]
		switch {
		case f.from == "" || f.layout != nil || f.epoch != 0:
		case f.column.Type == table.Timestamp:
			f.setLayout(p, m.TimeFormat)
		case f.column.Type == table.Date:
			f.setLayout(p, m.DateFormat)
		}
	}
}

func (p *planner) bindConstants(constants map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(constants)) {
		if v, ok := p.lookup(key, "constant"); ok {
			p.bind(v, true, func(f *field) { p.fix(f, constants[key], "constant") })
		}
	}
}

// bindDefaults takes defaults for columns that neither the mapping nor the file
// gives. They may serve several tables, so one of another table is no fault.
func (p *planner) bindDefaults(defaults map[string]string) {
	for _, v := range p.variants {
		if text, ok := defaults[v.name]; ok {
			p.bind(v, false, func(f *field) { p.fix(f, text, "default") })
		}
	}
}

// fix gives a field one value for every row.
func (p *planner) fix(f *field, text, kind string) {
	value, _, err := f.parse(p.plan, text)
	if err != nil {
		p.fault("the %s %q for %s: %v", kind, text, f.column.Name, err)
	}
	f.origin, f.value = fixed, value
	if !value.known {
		f.origin = null
	}
}

// bindFound takes columns of the file that have a canonical name or a variant
// of one. A column that the mapping uses is the mapping's.
func (p *planner) bindFound() {
	by := map[string]string{} // canonical column → variant that sets it
	for _, v := range p.variants {
		if !slices.Contains(p.found, v.name) || p.used[v.name] {
			continue
		}
		for _, name := range v.columns {
			if other, ok := by[name]; ok && other != name {
				p.fault("the file has both %s and %s for %s: map the one that counts", other, v.name, name)
			}
			if _, ok := by[name]; !ok && !p.bound[p.schema.Index(name)] {
				by[name] = v.name
			}
		}
		p.bind(v, false, func(f *field) { f.from = v.name })
	}
}

// Defaults of a schema that are not values.
const (
	contentDefault  = "made from the row's content"
	positionDefault = "made from the position"
	countryDefault  = "true if area_id is below the country"
	boundsDefault   = "the value of customers" // a variant: null where the file has none
)

// bindSchemaDefaults fills what is left from the schema.
func (p *planner) bindSchemaDefaults() {
	var missing, near []string
	for i, c := range p.schema.Columns {
		if p.bound[i] {
			continue
		}
		f := &p.fields[i]
		switch value, _, err := f.parse(p.plan, c.Default); {
		case c.Default == contentDefault:
			f.origin = fromContent
		case c.Default == positionDefault && p.bound[p.schema.Index(latColumn)] && p.bound[p.schema.Index(lonColumn)]:
			f.origin = fromPosition
		case c.Default == countryDefault:
			f.origin = belowCountry
		case c.Default != "" && p.schema.Index(c.Default) >= 0:
			f.origin, f.copyOf = copied, p.schema.Index(c.Default)
		case c.Default != "" && c.Default != boundsDefault && err == nil && isValue(c):
			f.origin, f.value = fixed, value
			p.needsClock = p.needsClock || c.Name == "time_precision"
		case c.Null:
			f.origin = null
		default:
			missing = append(missing, c.Name)
			if names := p.near(c.Name); names != nil {
				near = append(near, fmt.Sprintf("%s for %s", strings.Join(names, " or "), c.Name))
			}
		}
	}
	if missing != nil {
		if len(p.found) == 1 {
			for _, sign := range []string{";", "\t", "|", ","} {
				if strings.Contains(p.found[0], sign) {
					p.fault("the header is one column; if its fields are parted by %q, set options: {separator: %q}", sign, sign)
					break
				}
			}
		}
		hint := ""
		if near != nil {
			hint = "; did you mean " + strings.Join(near, ", ") + "?"
		}
		p.fault("no column %s; found %s%s", strings.Join(missing, ", "), list(p.found), hint)
	}
}

// isValue reports whether a column's default is a value of it rather than a
// sentence. Only text is in doubt: there it must be one of the column's words.
func isValue(c table.Column) bool { return c.Type != table.String || c.Enum != nil }

// near returns columns of the file that may be meant by a canonical one: those
// spelt nearly so, else those that begin with the same word.
func (p *planner) near(canonical string) []string {
	names := spelling.Near(canonical, p.found)
	if names == nil {
		word, _, _ := strings.Cut(canonical, "_")
		for _, name := range p.found {
			if strings.HasPrefix(strings.ToLower(name), word) && len(names) < 3 {
				names = append(names, name)
			}
		}
	}
	return quoted(names)
}

// A pair is two columns of which the first must not lie above the second.
type pair struct {
	lo, hi int
	code   source.Code
	err    error
}

// pair finds the pairs of which the file gives one column at least.
func (p *planner) pair() {
	for _, x := range []struct {
		lo, hi string
		code   source.Code
		err    error
	}{
		{"start_utc", "end_utc", source.EndsBefore, source.ErrEndsBefore},
		{"start_date", "end_date", source.EndsBefore, source.ErrEndsBefore},
		{"statement_lo_utc", "statement_hi_utc", source.EndsBefore, source.ErrEndsBefore},
		{"customers_lo", "customers_hi", source.Contradiction, errBounds},
		{"off_min_lo", "off_min_hi", source.Contradiction, errBounds},
	} {
		lo, hi := p.schema.Index(x.lo), p.schema.Index(x.hi)
		if lo >= 0 && hi >= 0 && (p.fields[lo].from != "" || p.fields[hi].from != "") {
			p.pairs = append(p.pairs, pair{lo, hi, x.code, x.err})
		}
	}
}

// place returns which of the pair's columns an error stands at.
func (x pair) place(p *plan) *field {
	if f := &p.fields[x.hi]; f.from != "" {
		return f
	}
	return &p.fields[x.lo]
}

var errBounds = errors.New("is below the lower bound")

// columns returns the columns of the file that the plan reads, each once.
func (p *plan) columns() []string {
	var names []string
	add := func(f *field) {
		if f.from == "" {
			return
		}
		for _, from := range append([]string{f.from}, f.and...) {
			if !slices.Contains(names, from) {
				names = append(names, from)
			}
		}
	}
	for i := range p.fields {
		add(&p.fields[i])
	}
	if p.position != nil {
		add(&p.position.lat)
		add(&p.position.lon)
	}
	return names
}

// Check returns what is wrong with a mapping that no file could mend.
func Check(s *table.Schema, columns map[string]Column) []error {
	faults := checkPosition(s, columns)
	_, events := columns[eventColumn]
	times := slices.ContainsFunc(eventTimes, func(name string) bool { _, ok := columns[name]; return ok })
	switch {
	case !events && !times || eventWords[s.Name] == nil:
	case events != times:
		faults = append(faults, fmt.Errorf("an event log is mapped by both %s and %s", eventColumn, eventTime))
	default:
		for _, name := range []string{"start_utc", "end_utc", "supplied"} {
			if _, ok := columns[name]; ok {
				faults = append(faults, fmt.Errorf("%s is made of the events, and cannot be mapped beside them", name))
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(columns)) {
		if format := columns[key].Format; format != "" {
			if _, err := newLayout(format); err != nil {
				faults = append(faults, fmt.Errorf("the format of %s: %w", key, err))
			}
		}
	}
	return faults
}

// Names returns the names that a mapping may give a table's columns by: those of
// its columns, of units that they may be in, and of events that make intervals.
func Names(s *table.Schema) []string {
	var names []string
	for _, v := range variants(s) {
		names = append(names, v.name)
	}
	return slices.Concat(names, EventColumns(s), PositionColumns(s))
}

func didYouMean(names []string) string {
	if names == nil {
		return ""
	}
	return "; did you mean " + strings.Join(quoted(names), " or ") + "?"
}

func quoted(names []string) []string {
	var q []string
	for _, name := range names {
		q = append(q, fmt.Sprintf("%q", name))
	}
	return q
}

// list joins names for an error, the first twenty of them.
func list(names []string) string {
	const most = 20
	var shown []string
	for _, name := range names[:min(most, len(names))] {
		shown = append(shown, source.Printable(name))
	}
	if len(names) > most {
		shown = append(shown, fmt.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(shown, ", ")
}
