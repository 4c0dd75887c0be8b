package normalize

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/eaglei"
	"hardship/pipeline/table"
)

// ReadEagleI reads a year's file of EAGLE-I into table.OutageSnapshot, in the
// order written. The area of a county is US and the five digits of its code,
// such as US17031.
//
// A county writes no row while none of its customers is out, so that it looks
// like one that was not polled; what tells the two apart is that some county
// has a row of that moment. So a county that is not in the area table makes no
// row of its own and is counted as kept, for its row proves the poll: each
// moment that no kept row proves becomes a row of table.SnapshotRun, in order
// of time. The option counties says otherwise:
//
//	counties: table   those of the area table (default)
//	counties: all     all are wanted: one that is not in the table is rejected
//
// A file of one county proves no poll but those that found customers out: its
// other times are unknown. A file in which somebody has filled gaps with the
// last value cannot be told from one that has none, and reads as polled
// throughout.
//
// A county's second row of one minute is rejected, wherever it stands. This
// takes a bit for each county kept and poll, so that a year of the whole country
// takes 20 MB. A file that needs more than 32 MB is compared in stretches that
// need as much, each from where the one before it ends. Polls of counties that
// are not kept are not compared.
func ReadEagleI(s *Sink, r io.Reader, name string) error {
	counties := eagleICounties{sink: s, without: map[int32]error{}}
	switch option := s.Source.Options["counties"]; option {
	case "", "table":
	case "all":
		counties.all = true
	default:
		return s.badOption("counties", fmt.Errorf("%q is not table or all", option))
	}
	runs := minuteSets{days: map[hour.Day]*minutesOfDay{}}
	repeats := repeatedPolls{polled: map[hour.Instant][]uint64{}}
	var polls pollColumns
	err := each(s, eaglei.Polls(r, name), func(p *eaglei.Poll) error {
		county, err := counties.find(p)
		if err != nil {
			return err
		}
		day, minute := runs.at(p.Run)
		if county < 0 {
			day.seen.set(minute)
			return nil
		}
		if repeats.add(p.Run-p.Run%hour.Minute, int(county)) {
			return &source.ParseError{Origin: p.Origin, Field: "fips_code", Value: string(p.Code), Code: source.Duplicate, Err: errSecondPoll}
		}
		day.kept.set(minute)
		if len(polls.lines) == BatchRows {
			if err := polls.emit(s, counties.areas); err != nil {
				return err
			}
		}
		polls.add(p, county)
		return nil
	})
	if err != nil {
		return err
	}
	if err := polls.emit(s, counties.areas); err != nil {
		return err
	}
	for _, at := range runs.seenOnly() {
		b := s.KeepRun("", 0)
		b.Timestamp("run_utc", at)
		b.Bool("run_ok", true)
		if b.Rows() >= BatchRows {
			if err := s.Flush(); err != nil {
				return err
			}
		}
	}
	return s.Flush()
}

var errSecondPoll = errors.New("the county has another row of this minute")

// eagleICounties finds the areas of counties, each once.
type eagleICounties struct {
	sink    *Sink
	all     bool // one without an area is rejected
	areas   []string
	known   [eaglei.EndOfFIPS]int32 // by FIPS code: 1 + where it is in areas; -1 for one without an area
	without map[int32]error         // why a county has no area
}

// find returns where a county is in areas; -1 if it is not kept.
func (c *eagleICounties) find(p *eaglei.Poll) (int32, error) {
	known := &c.known[p.FIPS]
	if *known == 0 {
		if id, err := c.sink.resolve(string(countyArea(p.FIPS))); err == nil {
			c.areas = append(c.areas, string(id))
			*known = int32(len(c.areas))
		} else {
			c.without[p.FIPS] = err
			*known = -1
		}
	}
	switch {
	case *known > 0:
		return *known - 1, nil
	case c.all:
		return -1, &source.ParseError{Origin: p.Origin, Field: "fips_code", Value: string(p.Code), Code: source.UnknownArea, Err: c.without[p.FIPS]}
	}
	return -1, nil
}

// pollColumns are rows of table.OutageSnapshot that have not been handed on.
type pollColumns struct {
	lines                []int32
	counties             []int32 // of eagleICounties.areas
	runs                 []int64
	out, total           []int64 // total has no rows behind the last that is known
	outKnown, totalKnown table.Marks
	room                 int // rows of the batch before
}

func (c *pollColumns) add(p *eaglei.Poll, county int32) {
	row := len(c.lines)
	if row == cap(c.lines) {
		c.grow(max(c.room, row, 1024))
	}
	c.lines = append(c.lines, int32(p.Line))
	c.counties = append(c.counties, county)
	c.runs = append(c.runs, int64(p.Run))
	c.out = append(c.out, p.Out.N)
	if p.Out.Known {
		c.outKnown.Set(row)
	}
	if p.Total.Known {
		c.total = append(append(c.total, make([]int64, row-len(c.total))...), p.Total.N)
		c.totalKnown.Set(row)
	}
}

// grow makes room for as many rows more.
func (c *pollColumns) grow(rows int) {
	c.lines, c.counties = slices.Grow(c.lines, rows), slices.Grow(c.counties, rows)
	c.runs, c.out = slices.Grow(c.runs, rows), slices.Grow(c.out, rows)
}

// emit hands the rows on.
func (c *pollColumns) emit(s *Sink, areas []string) error {
	rows := len(c.lines)
	if rows == 0 {
		return nil
	}
	of := s.columns(rows)
	of.Codes("area_id", areas, c.counties)
	of.Timestamps("run_utc", c.runs)
	of.Int64s("customers_out", c.out, c.outKnown)
	if c.total != nil {
		of.Int64s("customers_total", append(c.total, make([]int64, rows-len(c.total))...), c.totalKnown)
	}
	of.Bools("run_ok", c.outKnown)
	lines := c.lines
	*c = pollColumns{room: rows}
	return s.emitColumns(of, lines)
}

// countyArea returns the area of a county of the United States.
func countyArea(fips int32) area.ID { return area.ID(fmt.Sprintf("US%05d", fips)) }

// minuteSets are the minutes at which rows say that a poll took place.
type minuteSets struct {
	days map[hour.Day]*minutesOfDay
	day  hour.Day // that was asked for last
	last *minutesOfDay
}

type minutesOfDay struct{ seen, kept minuteSet }

type minuteSet [(minutesInDay + 63) / 64]uint64

func (m *minuteSet) set(minute int) { m[minute/64] |= 1 << (minute % 64) }

// at returns the sets of an instant's day and its minute there.
func (m *minuteSets) at(t hour.Instant) (day *minutesOfDay, minute int) {
	minutes := int(t / hour.Minute) // never below zero: the adapter believes no poll before 2000
	d := hour.Day(minutes / minutesInDay)
	if m.last == nil || d != m.day {
		if m.day, m.last = d, m.days[d]; m.last == nil {
			m.last = &minutesOfDay{}
			m.days[d] = m.last
		}
	}
	return m.last, minutes % minutesInDay
}

// seenOnly returns the minutes that no kept row proves, in order.
func (m *minuteSets) seenOnly() []hour.Instant {
	var only []hour.Instant
	for _, d := range slices.Sorted(maps.Keys(m.days)) {
		day := m.days[d]
		for minute := range minutesInDay {
			bit := uint64(1) << (minute % 64)
			if i := minute / 64; day.seen[i]&^day.kept[i]&bit != 0 {
				only = append(only, (hour.Instant(d)*minutesInDay+hour.Instant(minute))*hour.Minute)
			}
		}
	}
	return only
}

// repeatedPolls tells a county's second row of a poll: it holds a bit for each
// county by poll.
type repeatedPolls struct {
	polled map[hour.Instant][]uint64
	words  int // of all polls together, with what a poll itself takes

	run  hour.Instant // that was asked for last
	last []uint64     // its bits
}

// What repeatedPolls may hold, in words of 64 bits, and what a poll takes beside
// the bits of its counties.
const (
	maxRepeatWords = 4 << 20
	wordsOfPoll    = 8
)

// add adds a county's row of a poll and reports whether there was one already.
func (p *repeatedPolls) add(run hour.Instant, county int) bool {
	polled, ok := p.last, true
	if run != p.run || polled == nil {
		polled, ok = p.polled[run]
		p.run, p.last = run, polled
	}
	if need := county/64 + 1; need > len(polled) {
		grown := max(need, 2*len(polled))
		if p.words += grown - len(polled); !ok {
			p.words += wordsOfPoll
		}
		if p.words > maxRepeatWords {
			clear(p.polled)
			p.words, polled = grown+wordsOfPoll, nil
		}
		larger := make([]uint64, grown)
		copy(larger, polled)
		polled = larger
		p.polled[run], p.last = polled, polled
	}
	word, bit := &polled[county/64], uint64(1)<<(county%64)
	if *word&bit != 0 {
		return true
	}
	*word |= bit
	return false
}

// ReadEagleICustomers reads the table of modelled customers by county that goes
// with EAGLE-I (MCC.csv) into table.Area, as areas of level 1. The option
// counties says which make an area and gives their names, in the order in which
// the file has them:
//
//	counties: "17031=Cook County, Illinois; 17043=DuPage County, Illinois"
//
// Other counties, and the sum of all at the end, are counted as kept and make
// none. A county of the option that the file lacks is an error; so is a source
// without a zone, which the file does not say.
func ReadEagleICustomers(s *Sink, r io.Reader, name string) error {
	option, err := s.textOption("counties")
	if err != nil {
		return err
	}
	names, err := parseCounties(option)
	if err != nil {
		return s.badOption("counties", err)
	}
	if s.Source.Location == nil {
		return &source.FileError{File: name, Code: source.MissingValue, Err: errNoZone}
	}
	seen := map[int32]bool{}
	err = each(s, eaglei.ReadCustomers(r, name), func(c eaglei.Customers) error {
		if c.County == "" {
			return nil
		}
		fips, _ := eaglei.FIPS(c.County)
		if seen[fips] {
			return &source.ParseError{Origin: c.Origin, Field: "County_FIPS", Value: c.County, Code: source.Duplicate, Err: errSecondCounty}
		}
		seen[fips] = true
		english, ok := names[fips]
		if !ok {
			return nil
		}
		b := s.Keep("", 0)
		b.String("area_id", string(countyArea(fips)))
		b.Int32("level", 1)
		b.String("name_en", english)
		b.String("tz", s.Source.Location.String())
		b.Int64("customers_served", c.Number)
		b.String("reporting_class", "normal")
		return nil
	})
	if err != nil {
		return err
	}
	for _, fips := range slices.Sorted(maps.Keys(names)) {
		if !seen[fips] {
			return &source.FileError{File: name, Code: source.UnknownArea, Err: fmt.Errorf("the file has no county %05d, which the option counties names", fips)}
		}
	}
	return nil
}

var (
	errNoZone       = errors.New("the file does not say the time zone of its counties: give the source a tz")
	errSecondCounty = errors.New("the county has another row")
)

// parseCounties reads CODE=NAME; CODE=NAME.
func parseCounties(option string) (map[int32]string, error) {
	names := map[int32]string{}
	for pair := range strings.SplitSeq(option, ";") {
		code, english, ok := strings.Cut(pair, "=")
		code, english = strings.TrimSpace(code), strings.TrimSpace(english)
		fips, isCode := eaglei.FIPS(code)
		switch {
		case !ok || !isCode || english == "":
			return nil, fmt.Errorf("%q is not CODE=NAME such as 17031=Cook County, Illinois", strings.TrimSpace(pair))
		case names[fips] != "":
			return nil, fmt.Errorf("%s stands twice", code)
		}
		names[fips] = english
	}
	return names, nil
}
