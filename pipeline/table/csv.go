package table

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/hour"
)

// WriteCSV writes a table as CSV with a header: RFC 4180 in UTF-8, but with LF
// at the end of lines. Instants are ISO 8601 in UTC with a Z, dates ISO 8601,
// numbers the shortest decimals that read back as the same. Null is an empty
// cell, and so is an empty text, which therefore reads back as null. Equal
// tables give equal bytes.
func WriteCSV(w io.Writer, t *Table) error {
	return WriteTablesCSV(w, t.Schema, func(yield func(*Table, error) bool) { yield(t, nil) })
}

// WriteTablesCSV writes the rows of tables of one schema, one after another, as
// WriteCSV does. An error of tables is returned.
func WriteTablesCSV(w io.Writer, s *Schema, tables iter.Seq2[*Table, error]) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var line []byte
	for i, c := range s.Columns {
		line = appendText(appendComma(line, i), c.Name)
	}
	if _, err := out.Write(append(line, '\n')); err != nil {
		return err
	}
	for t, err := range tables {
		if err != nil {
			return err
		}
		columns := t.Record().Columns()
		for row := range t.Rows() {
			line = line[:0]
			for i, c := range columns {
				line = appendComma(line, i)
				if c.IsValid(row) {
					line = appendCell(line, c, row)
				}
			}
			if len(line) == 0 {
				line = append(line, `""`...) // an empty line would be no row
			}
			if _, err := out.Write(append(line, '\n')); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// CellText returns a cell as WriteCSV writes it, without quotes; "" for null.
func CellText(column arrow.Array, row int) string {
	if column.IsNull(row) {
		return ""
	}
	switch a := column.(type) {
	case *array.String:
		return a.Value(row)
	case *array.Dictionary:
		return a.Dictionary().(*array.String).Value(a.GetValueIndex(row))
	}
	return string(appendCell(nil, column, row))
}

func appendComma(line []byte, column int) []byte {
	if column > 0 {
		line = append(line, ',')
	}
	return line
}

func appendCell(line []byte, column arrow.Array, row int) []byte {
	switch a := column.(type) {
	case *array.Boolean:
		return strconv.AppendBool(line, a.Value(row))
	case *array.Int32:
		return strconv.AppendInt(line, int64(a.Value(row)), 10)
	case *array.Int64:
		return strconv.AppendInt(line, a.Value(row), 10)
	case *array.Float64:
		return appendFloat(line, a.Value(row))
	case *array.String:
		return appendText(line, a.Value(row))
	case *array.Date32:
		return append(line, Day(a, row).String()...)
	case *array.Timestamp:
		return appendInstant(line, Instant(a, row))
	}
	panic(fmt.Sprintf("table: column of type %v", column.DataType()))
}

// appendFloat writes plain digits, and an exponent only for what would need a
// long row of zeros.
func appendFloat(line []byte, v float64) []byte {
	if m := math.Abs(v); m != 0 && (m < 1e-6 || m >= 1e21) {
		return strconv.AppendFloat(line, v, 'e', -1, 64)
	}
	return strconv.AppendFloat(line, v, 'f', -1, 64)
}

func appendInstant(line []byte, at hour.Instant) []byte {
	return at.Time().AppendFormat(line, "2006-01-02T15:04:05.999999Z")
}

// appendText writes a text, in quotes if readers could take it apart or trim it
// without them.
func appendText(line []byte, s string) []byte {
	if !strings.ContainsAny(s, ",\"\n\r") && strings.TrimSpace(s) == s {
		return append(line, s...)
	}
	line = append(line, '"')
	for i := range len(s) {
		if s[i] == '"' {
			line = append(line, '"')
		}
		line = append(line, s[i])
	}
	return append(line, '"')
}
