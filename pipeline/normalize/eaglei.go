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
	counties := eagleICounties{sink: s}
	switch option := s.Source.Options["counties"]; option {
	case "", "table":
	case "all":
		counties.all = true
	default:
		return s.badOption("counties", fmt.Errorf("%q is not table or all", option))
	}
	runs := minuteSets{days: map[hour.Day]*minutesOfDay{}}
	repeats := repeatedPolls{polled: map[hour.Instant][]uint64{}}
	err := each(s, eaglei.Read(r, name), func(p source.Snapshot) error {
		county, err := counties.find(&p)
		if err != nil {
			return err
		}
		day, minute := runs.at(p.Run)
		if county.number < 0 {
			day.seen.set(minute)
			return nil
		}
		if repeats.add(p.Run-p.Run%hour.Minute, county.number) {
			return &source.ParseError{Origin: p.PlaceOrigin, Field: "fips_code", Value: p.Place, Code: source.Duplicate, Err: errSecondPoll}
		}
		day.kept.set(minute)
		b := s.Keep("", 0)
		b.String("area_id", string(county.area))
		b.Timestamp("run_utc", p.Run)
		table.Optional(b.Int64, "customers_out", p.Out.N, p.Out.Known)
		table.Optional(b.Int64, "customers_total", p.Total.N, p.Total.Known)
		b.Bool("run_ok", p.Out.Known)
		return nil
	})
	if err != nil {
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
	sink  *Sink
	all   bool // one without an area is rejected
	kept  int
	known [eaglei.EndOfFIPS]*eagleICounty // by FIPS code
}

type eagleICounty struct {
	area   area.ID
	number int // among those kept; -1 for one that is not
	err    error
}

func (c *eagleICounties) find(p *source.Snapshot) (*eagleICounty, error) {
	fips, _ := eaglei.FIPS(p.Place) // the adapter has seen to it
	county := c.known[fips]
	if county == nil {
		county = &eagleICounty{area: countyArea(fips), number: -1}
		county.area, county.err = c.sink.resolve(string(county.area))
		if county.err == nil {
			county.number = c.kept
			c.kept++
		}
		c.known[fips] = county
	}
	if county.err != nil && c.all {
		return county, &source.ParseError{Origin: p.PlaceOrigin, Field: "fips_code", Value: p.Place, Code: source.UnknownArea, Err: county.err}
	}
	return county, nil
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
