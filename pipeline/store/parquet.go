package store

import (
	"fmt"
	"math"
	"os"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/parquetfile"
	"hardship/pipeline/table"
)

const tableExtension = ".parquet"

// tablesFolder is the folder of a run's tables.
const tablesFolder = "tables"

func tablePath(name string) string { return tablesFolder + "/" + name + tableExtension }

// ReadTable reads a published table. The file must have every column of the
// schema, with its type; columns that a later version has added are left out.
//
// Errors of the file's contents are those of parquetfile.Open and Batches.
func ReadTable(path string, schema *table.Schema) (*table.Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	file, err := parquetfile.Open(f, info.Size(), path, parquetfile.Limits{})
	if err != nil {
		return nil, err
	}
	names, err := columnNames(file, path, schema)
	if err != nil {
		return nil, err
	}
	var parts []*table.Table
	for batch, err := range file.Batches(names, parquetfile.ReadOptions{}) {
		if err != nil {
			return nil, err
		}
		for i, c := range schema.Columns {
			if !c.Null && batch.Column(i).NullN() > 0 {
				return nil, fmt.Errorf("%s: column %s holds a null", path, c.Name)
			}
		}
		parts = append(parts, table.New(schema, array.NewRecord(schema.Arrow(), batch.Columns(), batch.NumRows())))
	}
	return table.Concat(schema, parts), nil
}

// columnNames returns the names of the schema's columns once the file has been
// found to have them.
func columnNames(file *parquetfile.File, path string, schema *table.Schema) ([]string, error) {
	names := make([]string, len(schema.Columns))
	for i, c := range schema.Columns {
		names[i] = c.Name
		found, _ := file.Schema().FieldsByName(c.Name)
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no column %s", path, c.Name)
		}
		if !arrow.TypeEqual(found[0].Type, c.Type.Arrow()) {
			return nil, fmt.Errorf("%s: column %s is %s, not %s", path, c.Name, found[0].Type, c.Type)
		}
	}
	return names, nil
}

// checkFinite refuses infinities; NaN and nulls in the wrong place are refused
// where they are written.
func checkFinite(t *table.Table) error {
	for _, c := range t.Schema.Columns {
		if c.Type != table.Float64 {
			continue
		}
		values := t.Float64(c.Name)
		if values.NullN() == values.Len() {
			continue
		}
		if allFinite(values.Float64Values()) {
			continue
		}
		for row, v := range values.Float64Values() {
			if math.IsInf(v, 0) && values.IsValid(row) {
				return fmt.Errorf("row %d: %s is infinite", row, c.Name)
			}
		}
	}
	return nil
}

// allFinite reports whether no number is infinite or NaN: then it is 0 times itself,
// and so is the sum of these.
func allFinite(values []float64) bool {
	var sums [4]float64 // apart, so that no addition waits for the one before
	for len(values) >= 4 {
		four := (*[4]float64)(values)
		sums[0] += four[0] * 0
		sums[1] += four[1] * 0
		sums[2] += four[2] * 0
		sums[3] += four[3] * 0
		values = values[4:]
	}
	for _, v := range values {
		sums[0] += v * 0
	}
	return sums[0]+sums[1]+sums[2]+sums[3] == 0
}

// metadata returns what a file says about itself and its columns.
func metadata(s *table.Schema, inputs string) map[string]string {
	m := map[string]string{
		"hardship.schema_version": SchemaVersion,
		"hardship.inputs":         inputs,
		"table.description":       s.Description,
	}
	for _, c := range s.Columns {
		key := "column." + c.Name + "."
		m[key+"description"] = c.Description
		if c.Unit != "" {
			m[key+"unit"] = c.Unit
		}
		if c.Definition != "" {
			m[key+"definition"] = c.Definition
		}
	}
	return m
}

// sortingColumns returns the key, or nil if it may hold a null: tables sort
// nulls first, and the declaration in the file means last.
func sortingColumns(s *table.Schema) []string {
	for _, name := range s.Key {
		if c, _ := s.Column(name); c.Null {
			return nil
		}
	}
	return s.Key
}
