// Package table is the one place where every table is defined: the canonical
// tables that a run reads (methods.md 2) and the tables it publishes (11.3),
// each column with its type, unit, meaning and the function that computes it.
// File metadata, the data dictionary and `hardship explain` come from here.
//
// A Table is a schema over Arrow columns. Its memory belongs to Go's collector
// (the Go allocator), so there is nothing to release.
package table

import (
	"fmt"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
)

// Type is the type of a column: the few that every reader of Parquet shares.
type Type uint8

const (
	Bool      Type = iota
	Int32          // counts and codes
	Int64          // counts that may pass 2³¹
	Float64        // never NaN or ±Inf: null is unknown
	String         // UTF-8
	Date           // a civil date of the row's area
	Timestamp      // UTC, microseconds
)

var typeNames = [...]string{"bool", "int32", "int64", "float64", "string", "date", "timestamp[us, UTC]"}

func (t Type) String() string { return typeNames[t] }

// arrowTypes are the Arrow types in the order of Type.
var arrowTypes = [...]arrow.DataType{
	arrow.FixedWidthTypes.Boolean,
	arrow.PrimitiveTypes.Int32,
	arrow.PrimitiveTypes.Int64,
	arrow.PrimitiveTypes.Float64,
	arrow.BinaryTypes.String,
	arrow.FixedWidthTypes.Date32,
	&arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"},
}

// Arrow returns the Arrow type that holds the column.
func (t Type) Arrow() arrow.DataType { return arrowTypes[t] }

// A Column is one column of a table, with all that a reader of the table needs
// to know about it.
type Column struct {
	Name        string
	Type        Type
	Null        bool     // may be null: unknown
	Unit        string   // "" for a pure number, a name or a time
	Description string   // one sentence; what null means, where it may be null
	Definition  string   // section or id in the methods, such as "C2" or "6.6"
	Function    string   // package.Function that computes it; "" for inputs and keys
	Enum        []string // the only values allowed, for strings
	Default     string   // inputs: what a source that leaves the column out means; "" for null or, if Null is false, an error
	Min, Max    float64  // inputs: the range outside which a number is rejected; both 0 for none
}

// A Schema is the definition of one table.
type Schema struct {
	Name        string
	Description string
	Key         []string // columns that make a row unique; rows are sorted by them
	Columns     []Column

	asArrow sync.Once
	arrow   *arrow.Schema
	coded   *arrow.Schema // with all texts coded
}

// Column returns the named column; ok is false if there is none.
func (s *Schema) Column(name string) (c Column, ok bool) {
	i := s.Index(name)
	if i < 0 {
		return Column{}, false
	}
	return s.Columns[i], true
}

// Index returns the position of the named column, or -1.
func (s *Schema) Index(name string) int {
	for i := range s.Columns { // which are long: none is copied
		if s.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// Arrow returns the schema as Arrow fields, in column order.
func (s *Schema) Arrow() *arrow.Schema {
	s.asArrow.Do(func() {
		fields := make([]arrow.Field, len(s.Columns))
		for i, c := range s.Columns {
			fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: c.Null}
		}
		s.arrow = arrow.NewSchema(fields, nil)
		for i, c := range s.Columns {
			if c.Type == String {
				fields[i].Type = CodedText
			}
		}
		s.coded = arrow.NewSchema(fields, nil)
	})
	return s.arrow
}

// Find returns the schema of a name among schemas.
func Find(schemas []*Schema, name string) (*Schema, error) {
	for _, s := range schemas {
		if s.Name == name {
			return s, nil
		}
	}
	return nil, fmt.Errorf("there is no table %q", name)
}

// IsKey reports whether the named column is part of the key.
func (s *Schema) IsKey(name string) bool { return slices.Contains(s.Key, name) }
