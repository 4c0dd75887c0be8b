// Package areatable reads the reference files that together describe the
// oblasts of Ukraine. Their layouts are told apart by what they hold:
//
//   - code, name, name_uk, name_ru: ISO 3166-2 subdivisions with their names in
//     the catalogues of Debian's iso-codes;
//   - oblast_code, oblast_name, oblast_name_en: the oblasts of the KSE location
//     data hub, by KATOTTG code, with English names that are often misspelt;
//   - hromada_code, total_population_2022: people by hromada of the same hub
//     (State Statistics Service, January 2022), where NA stands for Kyiv city;
//   - a JSON list of {name, iso}: regions of the npm package iso3166-2-db in one
//     language, English or another in Latin letters, or Russian.
//
// A KATOTTG or COD-AB code begins with the P-code of its oblast, in four
// characters. The suffix of an ISO code is another number for five of the units.
package areatable

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode"

	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/source/jsonfile"
)

// KyivCity is the P-code of Kyiv city, which the population file leaves out.
const KyivCity = "UA80"

// A layout is one of the CSV files.
type layout struct {
	columns []string // the first is in no other layout
	read    func(*csvfile.Row) (source.AreaRow, *source.ParseError)
}

var layouts = []layout{
	{[]string{"code", "name", "name_uk", "name_ru"}, subdivision},
	{[]string{"oblast_code", "oblast_name", "oblast_name_en"}, oblast},
	{[]string{"hromada_code", "total_population_2022"}, hromada},
}

// Read yields what one file says of the areas, a row at a time in the order
// written. Names are as written. Population is that of one hromada: an oblast
// has as many rows as hromadas, and its people are their sum.
func Read(r io.Reader, name string) iter.Seq2[source.AreaRow, error] {
	return func(yield func(source.AreaRow, error) bool) {
		buffered := bufio.NewReader(r)
		start, _ := buffered.Peek(buffered.Size()) // an error comes back with the first read
		start = bytes.TrimPrefix(start, []byte("\ufeff"))
		if text := bytes.TrimSpace(start); len(text) > 0 && text[0] == '[' {
			readRegions(buffered, name, yield)
			return
		}
		header, _, _ := bytes.Cut(start, []byte("\n"))
		for _, l := range layouts {
			if has(header, l.columns[0]) {
				readRows(buffered, name, l, yield)
				return
			}
		}
		var keys []string
		for _, l := range layouts {
			keys = append(keys, l.columns[0])
		}
		yield(source.AreaRow{}, &source.FileError{File: name, Code: source.WrongFormat,
			Err: fmt.Errorf("neither a JSON list of regions nor a CSV file with one of the columns %s", strings.Join(keys, ", "))})
	}
}

// has reports whether a header names a column.
func has(header []byte, column string) bool {
	for field := range bytes.SplitSeq(header, []byte(",")) {
		if string(bytes.Trim(field, " \"\r")) == column {
			return true
		}
	}
	return false
}

func readRows(r io.Reader, name string, l layout, yield func(source.AreaRow, error) bool) {
	f, err := csvfile.Open(r, name, l.columns, nil)
	if err != nil {
		yield(source.AreaRow{}, err)
		return
	}
	for row, err := range f.Rows() {
		if err != nil {
			if !yield(source.AreaRow{}, err) {
				return
			}
			continue
		}
		area, bad := l.read(row)
		if bad != nil {
			if !yield(source.AreaRow{}, bad) {
				return
			}
			continue
		}
		if !yield(area, nil) {
			return
		}
	}
}

func subdivision(row *csvfile.Row) (source.AreaRow, *source.ParseError) {
	code := row.Text("code")
	if !isISO(code) {
		return source.AreaRow{}, row.Bad("code", source.NotAllowed, errISO)
	}
	return source.AreaRow{
		Origin:    row.Origin("code"),
		ISO:       code,
		English:   row.Text("name"),
		Ukrainian: row.Text("name_uk"),
		Russian:   row.Text("name_ru"),
	}, nil
}

func oblast(row *csvfile.Row) (source.AreaRow, *source.ParseError) {
	code, bad := pCode(row, "oblast_code")
	if bad != nil {
		return source.AreaRow{}, bad
	}
	return source.AreaRow{
		Origin:    row.Origin("oblast_code"),
		PCode:     code,
		English:   row.Text("oblast_name_en"),
		Ukrainian: row.Text("oblast_name"),
	}, nil
}

func hromada(row *csvfile.Row) (source.AreaRow, *source.ParseError) {
	const people = "total_population_2022"
	code := KyivCity
	if row.Text("hromada_code") != "NA" {
		var bad *source.ParseError
		if code, bad = pCode(row, "hromada_code"); bad != nil {
			return source.AreaRow{}, bad
		}
	}
	n, bad := row.Int32(people)
	switch {
	case bad != nil:
		return source.AreaRow{}, bad
	case !n.Known:
		return source.AreaRow{}, row.Missing(people)
	case n.N < 0:
		return source.AreaRow{}, row.Bad(people, source.OutOfRange, errNegative)
	}
	return source.AreaRow{Origin: row.Origin(people), PCode: code, Population: int64(n.N), PopulationYear: 2022}, nil
}

// readRegions reads a list of iso3166-2-db. The file does not say its language;
// the letters do.
func readRegions(r io.Reader, name string, yield func(source.AreaRow, error) bool) {
	list, err := jsonfile.Read(r, name)
	if err != nil {
		yield(source.AreaRow{}, err)
		return
	}
	for _, item := range list.Items {
		area, err := region(item)
		if err != nil {
			area = source.AreaRow{}
		}
		if !yield(area, err) {
			return
		}
	}
}

func region(item *jsonfile.Value) (source.AreaRow, error) {
	label, err := item.Want("name", jsonfile.Text)
	if err != nil {
		return source.AreaRow{}, err
	}
	suffix, err := item.Want("iso", jsonfile.Text)
	if err != nil {
		return source.AreaRow{}, err
	}
	area := source.AreaRow{Origin: item.Origin(), ISO: "UA-" + suffix.Text}
	if !isISO(area.ISO) {
		return source.AreaRow{}, suffix.Bad(source.NotAllowed, errISO)
	}
	if strings.ContainsFunc(label.Text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		area.Russian = label.Text
	} else {
		area.English = label.Text
	}
	return area, nil
}

// isISO reports whether s is an ISO 3166-2 code of Ukraine, such as UA-30.
func isISO(s string) bool {
	n, ok := strings.CutPrefix(s, "UA-")
	return ok && isNumber(n, 2)
}

// pCode returns the P-code at the start of a KATOTTG code such as
// UA05020010000053508.
func pCode(row *csvfile.Row, column string) (string, *source.ParseError) {
	code := row.Text(column)
	n, ok := strings.CutPrefix(code, "UA")
	if !ok || !isNumber(n, 17) {
		return "", row.Bad(column, source.NotAllowed, errCode)
	}
	return code[:4], nil
}

// isNumber reports whether s is of so many decimal digits.
func isNumber(s string, digits int) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil && len(s) == digits
}

var (
	errISO      = errors.New("not an ISO 3166-2 code of Ukraine such as UA-30")
	errCode     = errors.New("not a KATOTTG code: UA and 17 digits")
	errNegative = errors.New("is below zero")
)
