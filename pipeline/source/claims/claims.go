// Package claims reads public statements about a pause in strikes, as they are
// written down for this project in YAML:
//
//	pause_id: kyiv-2026-01
//	source: a newspaper, 31 January 2026
//	claims:
//	  - claim_id: kyiv-2026-01/ministry
//	    speaker_role: third_party
//	    speaker: Ministry of Examples
//	    stance: asserts
//	    statement_lo_utc: 2026-01-29T13:00:00Z
//	    statement_hi_utc: 2026-01-30T05:00:00Z
//	    start_date: null        # null: not said
//	    end_date: 2026-02-01
//	    duration_h: 168
//	    places: [["UA80"], ["UA80", "UA32"]]   # alternative readings
//	    targets: [all, energy]                 # likewise
//	    paraphrase: in other words, at most 300 characters
//
// start_utc and end_utc may stand instead of the dates, where an instant was
// said. Every other key is required, and no other is allowed: a slip in a key
// would silently change what was said.
package claims

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
)

// The words that a claim may use (methods.md 2).
var (
	Roles   = []string{"attacker", "defender", "third_party", "observer"}
	Stances = []string{"asserts", "limits", "denies", "conditional"}
	Targets = []string{"all", "energy", "energy_and_infrastructure", "long_range"}
)

// Limits of a claim.
const (
	MaxParaphrase    = 300     // characters
	MaxDurationHours = 100_000 // the greatest that table.Claim takes
)

var (
	fileKeys     = []string{"pause_id", "source", "claims"}
	claimKeys    = []string{"claim_id", "speaker_role", "speaker", "stance", "statement_lo_utc", "statement_hi_utc", "start_date", "end_date", "duration_h", "places", "targets", "paraphrase"}
	optionalKeys = []string{"start_utc", "end_utc"}
)

// Read yields the claims of a file in the order written.
//
// A claim with a fault is yielded as a *source.ParseError at the first one, and
// reading goes on. A file that is not such YAML (see parse for what is refused)
// gives a *source.FileError that says where.
func Read(r io.Reader, name string) iter.Seq2[source.Claim, error] {
	return func(yield func(source.Claim, error) bool) {
		root, err := parse(r, name)
		if err != nil {
			yield(source.Claim{}, err)
			return
		}
		file, err := root.fields(fileKeys, nil)
		if err != nil {
			yield(source.Claim{}, root.whole(err))
			return
		}
		pause, err := file["pause_id"].text()
		if err != nil {
			yield(source.Claim{}, root.whole(err))
			return
		}
		items, err := file["claims"].items()
		if err != nil {
			yield(source.Claim{}, root.whole(err))
			return
		}
		seen := map[string]bool{}
		for _, item := range items {
			c, err := claim(item, pause, seen)
			if !yield(c, err) {
				return
			}
		}
	}
}

// claim translates one item of the list; seen holds the claim_ids before it.
func claim(item value, pause string, seen map[string]bool) (source.Claim, error) {
	f, err := item.fields(claimKeys, optionalKeys)
	if err != nil {
		return source.Claim{}, err
	}
	c := source.Claim{Origin: item.origin(), PauseID: pause, PlacesAt: f["places"].origin()}
	// A fault anywhere refuses the claim, so the readers below may go on after one.
	var faults []error
	check := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	text := func(key string, words []string) string {
		s, err := f[key].text()
		if err == nil && words != nil {
			err = f[key].oneOf(s, words)
		}
		check(err)
		return s
	}
	c.ID = text("claim_id", nil)
	if seen[c.ID] {
		check(f["claim_id"].bad(source.Duplicate, errors.New("another claim of the file has it")))
	}
	c.SpeakerRole = text("speaker_role", Roles)
	c.Speaker = text("speaker", nil)
	c.Stance = text("stance", Stances)
	c.Paraphrase = text("paraphrase", nil)
	if n := utf8.RuneCountInString(c.Paraphrase); n > MaxParaphrase {
		check(f["paraphrase"].bad(source.OutOfRange, fmt.Errorf("has %d characters, more than %d", n, MaxParaphrase)))
	}
	check(statement(&c, f))
	check(window(&c, f))
	c.DurationHours, err = duration(f["duration_h"])
	check(err)
	c.Places, err = places(f["places"])
	check(err)
	c.Targets, err = targets(f["targets"])
	check(err)
	if faults != nil {
		return source.Claim{}, faults[0]
	}
	seen[c.ID] = true
	return c, nil
}

// statement reads when the words can have been spoken.
func statement(c *source.Claim, f map[string]value) error {
	lo, err := instant(f["statement_lo_utc"])
	if err != nil {
		return err
	}
	hi, err := instant(f["statement_hi_utc"])
	if err != nil {
		return err
	}
	if lo == nil || hi == nil {
		return f["statement_lo_utc"].bad(source.MissingValue, errors.New("statement_lo_utc and statement_hi_utc bound when it was said, and cannot be null"))
	}
	if *hi < *lo {
		return f["statement_hi_utc"].bad(source.EndsBefore, source.ErrEndsBefore)
	}
	c.StatementLo, c.StatementHi = *lo, *hi
	return nil
}

// window reads the start and end that were said.
func window(c *source.Claim, f map[string]value) (err error) {
	if c.StartDate, err = day(f["start_date"]); err != nil {
		return err
	}
	if c.EndDate, err = day(f["end_date"]); err != nil {
		return err
	}
	if c.Start, err = instant(f["start_utc"]); err != nil {
		return err
	}
	if c.End, err = instant(f["end_utc"]); err != nil {
		return err
	}
	switch {
	case c.StartDate != nil && c.Start != nil:
		return f["start_utc"].bad(source.Contradiction, errors.New("start_date is given too: was a day said, or an instant?"))
	case c.EndDate != nil && c.End != nil:
		return f["end_utc"].bad(source.Contradiction, errors.New("end_date is given too: was a day said, or an instant?"))
	case c.StartDate != nil && c.EndDate != nil && *c.EndDate < *c.StartDate:
		return f["end_date"].bad(source.EndsBefore, source.ErrEndsBefore)
	case c.Start != nil && c.End != nil && *c.End <= *c.Start:
		return f["end_utc"].bad(source.EndsBefore, source.ErrEndsBefore)
	}
	return nil
}

// day and the functions after it return nil for null, or for a key that is not
// there.
func day(v value) (*hour.Day, error) {
	if v.isNull() {
		return nil, nil
	}
	s, err := v.text()
	if err != nil {
		return nil, err
	}
	d, err := hour.ParseDay(s)
	if err != nil {
		return nil, v.bad(source.NotATime, errors.New("is not a date such as 2026-02-01"))
	}
	return &d, nil
}

func instant(v value) (*hour.Instant, error) {
	if v.isNull() {
		return nil, nil
	}
	s, err := v.text()
	if err != nil {
		return nil, err
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || !strings.HasSuffix(s, "Z") {
		return nil, v.bad(source.NotATime, errors.New("is not a UTC time such as 2026-01-29T13:00:00Z"))
	}
	at := hour.At(t)
	return &at, nil
}

func duration(v value) (*float64, error) {
	if v.isNull() {
		return nil, nil
	}
	switch v.node.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
	default:
		return nil, v.bad(source.NotANumber, source.ErrNotANumber)
	}
	hours, err := strconv.ParseFloat(v.node.GetToken().Value, 64)
	switch {
	case err != nil:
		return nil, v.bad(source.NotANumber, source.ErrNotANumber)
	case hours <= 0 || hours > MaxDurationHours:
		return nil, v.bad(source.OutOfRange, fmt.Errorf("is not above 0 and at most %d", MaxDurationHours))
	}
	return &hours, nil
}

func places(v value) ([][]string, error) {
	readings, err := v.items()
	if err != nil {
		return nil, err
	}
	var all [][]string
	for _, reading := range readings {
		names, err := reading.items()
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			return nil, reading.bad(source.MissingValue, errors.New("a reading names no area"))
		}
		var areas []string
		for _, n := range names {
			s, err := n.text()
			if err != nil {
				return nil, err
			}
			areas = append(areas, s)
		}
		all = append(all, areas)
	}
	return all, nil
}

func targets(v value) ([]string, error) {
	items, err := v.items()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, item := range items {
		s, err := item.text()
		if err == nil {
			err = item.oneOf(s, Targets)
		}
		if err == nil && slices.Contains(all, s) {
			err = item.bad(source.Duplicate, errors.New("is there twice"))
		}
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}
