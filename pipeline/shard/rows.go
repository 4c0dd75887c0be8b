package shard

import (
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/table"
)

// SchemaVersion is the version of the columns below and of partial.json. Partials
// of another version are refused: they are made and merged by one program.
const SchemaVersion = "3"

// versionKey is the key of SchemaVersion in the metadata of streams and files.
const versionKey = "hardship.partial_version"

// kindArea is the kind of the row that stands for an area itself: among input
// rows it opens the area, also where nothing else is known of it; among result
// rows it closes it. Either way it counts the area's rows.
const kindArea = "area"

// A streamed table is one that is too long to be held by every process: its rows
// go to the one that passes over their area.
type streamed struct {
	schema  *table.Schema
	time    string   // its column that is t0
	carried []string // columns that a pass reads, beside those of all
}

// Streamed are the tables whose rows are input rows, in the order of their
// kinds. Every other canonical table is small: every process has all of it.
var streamedTables = []streamed{
	{table.OutageInterval, "start_utc", []string{"outage_id", "group_id", "end_utc", "customers_lo", "customers_hi"}},
	{table.OutageSnapshot, "run_utc", []string{"customers_out", "run_ok"}},
	{table.Temperature, "time_utc", []string{"t_c", "wind_kmh", "qc"}},
}

// Streams reports whether rows of a table are input rows.
func Streams(s *table.Schema) bool {
	return slices.ContainsFunc(streamedTables, func(one streamed) bool { return one.schema == s })
}

// ofAll are the columns of canonical rows that every kind carries.
var ofAll = []string{"source_id", "first_seen_utc", "retracted"}

var metadata = arrow.NewMetadata([]string{versionKey}, []string{SchemaVersion})

// InputSchema are the columns of input rows: a tagged union of canonical rows.
//
//	kind     table of the row, or area
//	area_id  area of the row
//	row_no   place of the row in the order in which one process reads them: the
//	         average of several readings of an hour depends on it; of the kind area
//	         the number of the area's other rows
//	t0       time of the row; null of the kind area
//
// and the columns of the tables, null where a kind has none. Rows come sorted by
// area_id, kind and row_no.
var InputSchema = func() *arrow.Schema {
	fields := []arrow.Field{
		{Name: "kind", Type: arrow.BinaryTypes.String},
		{Name: "area_id", Type: arrow.BinaryTypes.String},
		{Name: "row_no", Type: arrow.PrimitiveTypes.Int64},
		{Name: "t0", Type: table.Timestamp.Arrow(), Nullable: true},
	}
	for i, s := range streamedTables {
		names := s.carried
		if i == 0 {
			names = slices.Concat(ofAll, s.carried)
		}
		for _, name := range names {
			c, _ := s.schema.Column(name)
			fields = append(fields, arrow.Field{Name: name, Type: c.Type.Arrow(), Nullable: true})
		}
	}
	return arrow.NewSchema(fields, &metadata)
}()

// ResultSchema are the columns of result rows: kind, area_id, and those of the
// tables of table.OfAreas, one of a name, null where a kind has none. A row of kind area
// closes each area with rows_n, the number of its rows before it, and run_sha256, of what
// they were made (Header.Run).
var ResultSchema = func() *arrow.Schema {
	fields := []arrow.Field{
		{Name: "kind", Type: arrow.BinaryTypes.String},
		{Name: "area_id", Type: arrow.BinaryTypes.String},
		{Name: "rows_n", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "run_sha256", Type: arrow.BinaryTypes.String, Nullable: true},
	}
	for _, s := range table.OfAreas {
		for _, c := range s.Columns {
			i := slices.IndexFunc(fields, func(f arrow.Field) bool { return f.Name == c.Name })
			switch {
			case i < 0:
				fields = append(fields, arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true})
			case !arrow.TypeEqual(fields[i].Type, c.Type.Arrow()):
				panic(fmt.Sprintf("shard: %s.%s is of another type than its namesakes", s.Name, c.Name))
			}
		}
	}
	return arrow.NewSchema(fields, &metadata)
}()

// columnsOf are the names of a schema's columns and of their types.
func columnsOf(s *arrow.Schema) [][2]string {
	columns := make([][2]string, s.NumFields())
	for i, f := range s.Fields() {
		columns[i][0] = f.Name
		for t := table.Bool; t <= table.Timestamp; t++ {
			if arrow.TypeEqual(f.Type, t.Arrow()) {
				columns[i][1] = t.String()
			}
		}
	}
	return columns
}

// widen lays columns out as a schema has them, null where there is none.
func widen(s *arrow.Schema, rows int, columns map[string]arrow.Array) arrow.Record {
	all := make([]arrow.Array, len(s.Fields()))
	for i, f := range s.Fields() {
		if all[i] = columns[f.Name]; all[i] == nil {
			all[i] = array.MakeArrayOfNull(memory.DefaultAllocator, f.Type, rows)
		}
	}
	return array.NewRecord(s, all, int64(rows))
}

// InputRows are the rows of a streamed table as input rows, numbered from first.
func InputRows(t *table.Table, first int64) arrow.Record {
	i := slices.IndexFunc(streamedTables, func(s streamed) bool { return s.schema == t.Schema })
	s, rows := streamedTables[i], t.Rows()
	columns := map[string]arrow.Array{
		"kind": repeated(s.schema.Name, rows), "row_no": numbers(rows, func(row int) int64 { return first + int64(row) }),
		"area_id": column(t, "area_id"), "t0": column(t, s.time),
	}
	for _, name := range slices.Concat(ofAll, s.carried) {
		columns[name] = column(t, name)
	}
	return widen(InputSchema, rows, columns)
}

// OpeningRows are the input rows that open areas of so many rows each.
func OpeningRows[ID ~string](ids []ID, rows map[ID]int64) arrow.Record {
	return widen(InputSchema, len(ids), map[string]arrow.Array{
		"kind": repeated(kindArea, len(ids)), "area_id": texts(len(ids), func(row int) string { return string(ids[row]) }),
		"row_no": numbers(len(ids), func(row int) int64 { return rows[ids[row]] }),
	})
}

// ResultRows are the rows of result tables of a run, closed by a row for each area.
func ResultRows[ID ~string](run string, ids []ID, tables []*table.Table) []arrow.Record {
	counts := make(map[string]int64, len(ids))
	var records []arrow.Record
	for _, t := range tables {
		if t.Rows() == 0 {
			continue
		}
		columns := map[string]arrow.Array{"kind": repeated(t.Schema.Name, t.Rows())}
		for _, c := range t.Schema.Columns {
			columns[c.Name] = column(t, c.Name)
		}
		records = append(records, widen(ResultSchema, t.Rows(), columns))
		areas := t.String("area_id")
		for row := range t.Rows() {
			counts[areas.Value(row)]++
		}
	}
	return append(records, widen(ResultSchema, len(ids), map[string]arrow.Array{
		"kind": repeated(kindArea, len(ids)), "area_id": texts(len(ids), func(row int) string { return string(ids[row]) }),
		"rows_n": numbers(len(ids), func(row int) int64 { return counts[string(ids[row])] }), "run_sha256": repeated(run, len(ids)),
	}))
}

func column(t *table.Table, name string) arrow.Array { return t.Record().Column(t.Schema.Index(name)) }

func repeated(s string, rows int) arrow.Array { return texts(rows, func(int) string { return s }) }

func texts(rows int, of func(row int) string) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	for row := range rows {
		b.Append(of(row))
	}
	return b.NewArray()
}

func numbers(rows int, of func(row int) int64) arrow.Array {
	b := array.NewInt64Builder(memory.DefaultAllocator)
	b.Reserve(rows)
	for row := range rows {
		b.UnsafeAppend(of(row))
	}
	return b.NewArray()
}

// arrange returns a record's columns in the order of a schema, by name. A column
// that is not there, or of another type, is a fault: a timestamp may have any
// zone, since it is an instant in any case.
func arrange(file string, s *arrow.Schema, record arrow.Record) (arrow.Record, error) {
	columns := make([]arrow.Array, len(s.Fields()))
	for i, f := range s.Fields() {
		at := record.Schema().FieldIndices(f.Name)
		if len(at) != 1 {
			return nil, fault(file, Version, "%d columns are called %s, not one", len(at), f.Name)
		}
		columns[i] = record.Column(at[0])
		if arrow.TypeEqual(columns[i].DataType(), f.Type) {
			continue
		}
		has, ok := columns[i].DataType().(*arrow.TimestampType)
		if want, is := f.Type.(*arrow.TimestampType); !ok || !is || has.Unit != want.Unit || has.TimeZone == "" {
			return nil, fault(file, Version, "column %s is %v, not %v", f.Name, columns[i].DataType(), f.Type)
		}
		d := columns[i].Data()
		columns[i] = array.MakeFromData(array.NewData(f.Type, d.Len(), d.Buffers(), nil, d.NullN(), d.Offset()))
	}
	return array.NewRecord(s, columns, record.NumRows()), nil
}

// tableOf returns the rows from from to to−1 of result rows as a table.
func tableOf(file string, s *table.Schema, record arrow.Record, from, to int) (*table.Table, error) {
	columns := make([]arrow.Array, len(s.Columns))
	for i, c := range s.Columns {
		columns[i] = array.NewSlice(record.Column(ResultSchema.FieldIndices(c.Name)[0]), int64(from), int64(to))
		if !c.Null && columns[i].NullN() > 0 {
			return nil, fault(file, NullKey, "a row of kind %s has no %s", s.Name, c.Name)
		}
	}
	return table.New(s, array.NewRecord(s.Arrow(), columns, int64(to-from))), nil
}

// canonical returns the rows from from to to−1 of input rows as a canonical table.
// What a pass does not read is null or, where that may not be, some value.
func (s streamed) canonical(file string, record arrow.Record, from, to int) (*table.Table, error) {
	columns := make([]arrow.Array, len(s.schema.Columns))
	for i, c := range s.schema.Columns {
		name := c.Name
		if name == s.time {
			name = "t0"
		}
		at := InputSchema.FieldIndices(name)
		switch {
		case len(at) > 0 && c.Name != "kind":
			columns[i] = array.NewSlice(record.Column(at[0]), int64(from), int64(to))
		case c.Null:
			columns[i] = array.MakeArrayOfNull(memory.DefaultAllocator, c.Type.Arrow(), to-from)
		default:
			columns[i] = repeated(c.Default, to-from)
		}
		if !c.Null && columns[i].NullN() > 0 {
			return nil, fault(file, NullKey, "a row of kind %s has no %s", s.schema.Name, name)
		}
	}
	return table.New(s.schema, array.NewRecord(s.schema.Arrow(), columns, int64(to-from))), nil
}
