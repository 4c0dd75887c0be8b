package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// ReadCSV reads what [WriteCSV] writes of a table of numbers, truths and texts:
// the header must be that of the schema, and an empty cell is null. The error
// names the line and the column.
func ReadCSV(r io.Reader, s *Schema) (*Table, error) {
	in := csv.NewReader(r)
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("table %s: header: %w", s.Name, err)
	}
	names := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		names[i] = c.Name
	}
	if !slices.Equal(header, names) {
		return nil, fmt.Errorf("table %s: the header is %q, not %q", s.Name, header, names)
	}
	b := NewBuilder(s)
	for {
		row, err := in.Read()
		if err == io.EOF {
			return b.Table(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", s.Name, err)
		}
		b.Row()
		for i, c := range s.Columns {
			if row[i] == "" && c.Null {
				continue
			}
			if err := b.parse(c, row[i]); err != nil {
				line, _ := in.FieldPos(i)
				return nil, fmt.Errorf("table %s, line %d: %s %q: %w", s.Name, line, c.Name, row[i], err)
			}
		}
	}
}

// parse sets a cell from its text.
func (b *Builder) parse(c Column, text string) error {
	switch c.Type {
	case Bool:
		v, err := strconv.ParseBool(text)
		b.Bool(c.Name, v)
		return err
	case Int32:
		v, err := strconv.ParseInt(text, 10, 32)
		b.Int32(c.Name, int32(v))
		return err
	case Float64:
		v, err := strconv.ParseFloat(text, 64)
		b.Float64(c.Name, v)
		return err
	case String:
		b.String(c.Name, text)
		return nil
	}
	return fmt.Errorf("a column of type %v", c.Type)
}
