// Package eaglei reads the outage archive EAGLE-I (Oak Ridge National
// Laboratory): customers without supply by county of the United States every
// fifteen minutes, one file a year, and the table of customers by county that
// goes with it.
//
//	fips_code,county,state,customers_out,run_start_time
//	17031,Cook,Illinois,120,2031-01-05 00:15:00
//
// The layout of 2023 has sum for customers_out, that of 2024 total_customers
// besides.
package eaglei

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
)

// Columns of a year's file.
const (
	fips      = "fips_code"
	county    = "county"        // optional
	out       = "customers_out" // or sum
	sum       = "sum"           // in 2023
	total     = "total_customers"
	run       = "run_start_time"
	runLayout = "2006-01-02 15:04:05"
)

// MaxCustomers is the largest number of customers that table.OutageSnapshot and
// table.Area allow.
const MaxCustomers = 2_000_000_000

// Polls are believed from FirstRun to before EndOfRuns: the archive begins in
// 2014, and a time far from that is a fault of the file.
const (
	FirstRun  = 946_684_800 * hour.Second   // 2000-01-01
	EndOfRuns = 4_102_444_800 * hour.Second // 2100-01-01
)

// Read yields the polls of one year's file in the order written. Times are UTC.
// Place is the county's code as written, of which FIPS makes a number; it is
// one of a county. Out is unknown where the field is empty: the poll of the
// county failed.
//
// A file that has both names of customers_out, as years put together by a
// program have, gives whichever is not empty; two that differ are an error.
func Read(r io.Reader, name string) iter.Seq2[source.Snapshot, error] {
	return func(yield func(source.Snapshot, error) bool) {
		p, err := open(r, name)
		if err != nil {
			yield(source.Snapshot{}, err)
			return
		}
		names := p.file.Column(county)
		csvfile.Parsed(p.file, func(row *csvfile.Row) (source.Snapshot, *source.ParseError) {
			one, bad := p.poll(row)
			if bad != nil {
				return source.Snapshot{}, bad
			}
			return source.Snapshot{
				Origin: row.Line(), Place: row.Field(p.fips), PlaceOrigin: one.Origin, Name: row.Field(names),
				Run: one.Run, Out: one.Out, Total: one.Total,
			}, nil
		})(yield)
	}
}

// A Poll is a Snapshot without the county's name: a year has 25 million.
type Poll struct {
	source.Origin        // of Code
	Code          []byte // of the county, as written
	FIPS          int32  // its number
	Run           hour.Instant
	Out, Total    source.BigCount
}

// Polls yields what Read does as polls. A *Poll and its Code are valid until the next
// one.
func Polls(r io.Reader, name string) iter.Seq2[*Poll, error] {
	return func(yield func(*Poll, error) bool) {
		p, err := open(r, name)
		if err != nil {
			yield(nil, err)
			return
		}
		csvfile.Parsed(p.file, p.poll)(yield)
	}
}

// polls are what is known of a file while its rows are read.
type polls struct {
	file             *csvfile.File
	fips, run, out   csvfile.Column
	sum, total       csvfile.Column
	hasSum, hasTotal bool

	// The row before: a poll has a row for each of its counties, all with its moment.
	last Poll
	text []byte // of its moment
}

func open(r io.Reader, name string) (*polls, error) {
	f, err := csvfile.Open(r, name, []string{fips, run}, []string{county, out, sum, total})
	switch {
	case err != nil:
		return nil, err
	case !f.Has(out) && !f.Has(sum):
		return nil, &source.FileError{File: name, Code: source.WrongFormat, Err: fmt.Errorf("neither a column %s nor, as in 2023, %s", out, sum)}
	}
	return &polls{
		file: f, fips: f.Column(fips), run: f.Column(run), out: f.Column(out), sum: f.Column(sum), total: f.Column(total),
		hasSum: f.Has(sum), hasTotal: f.Has(total),
		last: Poll{Origin: source.Origin{File: name}},
	}, nil
}

// poll reads a row. Its result is valid until the next one.
func (p *polls) poll(row *csvfile.Row) (*Poll, *source.ParseError) {
	one := &p.last
	one.Line, one.Column = row.Begin(p.fips)
	one.Code = row.Bytes(p.fips)
	var ok bool
	if one.FIPS, ok = FIPS(one.Code); !ok {
		if len(one.Code) == 0 {
			return nil, row.Missing(fips)
		}
		return nil, row.Bad(fips, source.NotAllowed, errCode)
	}
	if text := row.Bytes(p.run); len(text) == 0 || !bytes.Equal(text, p.text) {
		at, bad := instant(row, text)
		if bad != nil {
			return nil, bad
		}
		p.text, one.Run = append(p.text[:0], text...), at
	}
	var bad *source.ParseError
	if one.Out, bad = customersOf(row, p.out, out); bad != nil {
		return nil, bad
	}
	if p.hasSum {
		other, bad := customersOf(row, p.sum, sum)
		switch {
		case bad != nil:
			return nil, bad
		case !one.Out.Known:
			one.Out = other
		case other.Known && other != one.Out:
			return nil, row.Bad(sum, source.Contradiction, fmt.Errorf("%s is %d", out, one.Out.N))
		}
	}
	if p.hasTotal {
		if one.Total, bad = customersOf(row, p.total, total); bad != nil {
			return nil, bad
		}
	}
	return one, nil
}

// instant reads the moment of a poll.
func instant(row *csvfile.Row, text []byte) (hour.Instant, *source.ParseError) {
	at, ok := csvfile.PlainTime(runLayout, string(text))
	var bad *source.ParseError
	if !ok {
		at, ok, bad = row.Instant(run, runLayout)
	}
	switch {
	case bad != nil:
		return 0, bad
	case !ok:
		return 0, row.Missing(run)
	case at < FirstRun || at >= EndOfRuns:
		return 0, row.Bad(run, source.OutOfRange, errYear)
	}
	return at, nil
}

// customersOf is customers for a column found before.
func customersOf(row *csvfile.Row, found csvfile.Column, column string) (source.BigCount, *source.ParseError) {
	if n, ok := csvfile.Whole(row.Bytes(found)); ok && n <= MaxCustomers {
		return source.BigCount{N: n, Known: true}, nil
	}
	return customers(row, column)
}

// customers reads a number of customers, unknown where the field is empty.
func customers(row *csvfile.Row, column string) (source.BigCount, *source.ParseError) {
	n, bad := row.Int32(column)
	switch {
	case bad != nil || !n.Known:
		return source.BigCount{}, bad
	case n.N < 0 || n.N > MaxCustomers:
		return source.BigCount{}, row.Bad(column, source.OutOfRange, errCustomers)
	}
	return source.BigCount{N: int64(n.N), Known: true}, nil
}

// FIPS returns the number of a county's code, in which the last three digits
// are the county and those before the state. Files have it as a number, so
// without a leading zero and at times with a fraction: 01001, 1001 and 1001.0
// are Autauga County, Alabama.
func FIPS[T string | []byte](code T) (number int32, ok bool) {
	digits := len(code)
	if k := digits - len(".0"); k >= 0 && code[k] == '.' && code[k+1] == '0' {
		digits = k
	}
	if digits < 4 || digits > 5 {
		return 0, false
	}
	for i := range digits {
		c := code[i] - '0'
		if c > 9 {
			return 0, false
		}
		number = number*10 + int32(c)
	}
	return number, number > 1000 && number%1000 != 0
}

// EndOfFIPS is beyond every number that FIPS returns.
const EndOfFIPS = 100_000

// Customers are those that one county is taken to have.
type Customers struct {
	source.Origin        // of Number
	County        string // its code, as written; "" for all counties together
	Number        int64
}

// Columns of the table of customers, and what stands for the code in its last
// row.
const (
	countyFIPS      = "County_FIPS"
	countyCustomers = "Customers"
	grandTotal      = "Grand Total"
)

// ReadCustomers yields the rows of the table of modelled customers by county
// (MCC.csv) in the order written. Its last row has the sum of all: a sum that
// the rows before it do not have is an error, and so is a row behind it. A table
// without a sum is read as it is.
func ReadCustomers(r io.Reader, name string) iter.Seq2[Customers, error] {
	all, ended := int64(0), false
	return csvfile.Records(r, name, []string{countyFIPS, countyCustomers}, nil, func(row *csvfile.Row) (Customers, *source.ParseError) {
		c := Customers{Origin: row.Origin(countyCustomers), County: row.Text(countyFIPS)}
		isTotal := c.County == grandTotal
		switch _, ok := FIPS(c.County); {
		case ended:
			return c, row.Bad(countyFIPS, source.Contradiction, errBehindTotal)
		case c.County == "":
			return c, row.Missing(countyFIPS)
		case !ok && !isTotal:
			return c, row.Bad(countyFIPS, source.NotAllowed, errCode)
		}
		n, bad := customers(row, countyCustomers)
		switch {
		case bad != nil:
			return c, bad
		case !n.Known:
			return c, row.Missing(countyCustomers)
		}
		c.Number = n.N
		if isTotal {
			ended, c.County = true, ""
			if n.N != all {
				return c, row.Bad(countyCustomers, source.Contradiction, errors.New("the counties above have "+strconv.FormatInt(all, 10)))
			}
			return c, nil
		}
		all += n.N
		return c, nil
	})
}

var (
	errCode        = errors.New("not a county's FIPS code such as 17031")
	errYear        = errors.New("not of the years 2000 to 2099")
	errCustomers   = fmt.Errorf("not a number of customers from 0 to %d", MaxCustomers)
	errBehindTotal = errors.New("stands behind the sum of all counties")
)

// Sniff reports whether the head of a file is that of a year's file, and why.
func Sniff(head []byte) (why string, ok bool) {
	why, ok = csvfile.Sniff(head, fips, run, out)
	if ok {
		return why, true
	}
	if named, ok := csvfile.Sniff(head, fips, run, sum); ok {
		return named, true
	}
	return why, false
}

// SniffCustomers reports whether the head of a file is that of the table of
// customers, and why.
func SniffCustomers(head []byte) (why string, ok bool) {
	return csvfile.Sniff(head, countyFIPS, countyCustomers)
}
