// Package mapped reads any table of the user's own, in CSV, JSON Lines or Parquet,
// into a canonical table, by a mapping from canonical columns to columns of the
// file.
//
//  1. The header or schema of the file and the mapping make a plan: where each
//     canonical column comes from (plan.go). What does not fit is found here,
//     before any row is read.
//  2. Cells are translated and checked against the schema: rows of a text file one
//     by one (row.go, csv.go, json.go), a Parquet file a column at a time
//     (parquet.go), with the same rules for all (cell.go, clock.go, layout.go).
//  3. Columns that the file does not have are filled in, and batches of at most
//     BatchRows rows are yielded (fill.go).
//
// A canonical column is looked for in this order: Mapping.Columns,
// Mapping.Constants, a column of the file that has its name or is a unit variant
// of it, Mapping.Defaults, the default of the schema (methods.md 2), null. A
// column that may not be null and is found nowhere is an error.
//
// Unit variants are names that say another unit: t_f and t_k beside t_c; wind_ms,
// wind_kn and wind_mph beside wind_kmh; for each time X_utc, X_epoch_s and
// X_epoch_ms hold the number of seconds or milliseconds since 1970. The column
// customers sets customers_lo and customers_hi.
//
// Where there are boundaries, lat and lon give the area of a row that does not
// name it (position.go).
//
// A file with a row for each change fills tables of intervals by the columns
// event and event_utc (event.go).
//
// # Cells
//
// An empty cell is null: unknown. In a column that may not be null it is
// rejected, unless unknown is one of the column's words. Numbers are decimal and
// finite; whole ones may have a fraction of zero. Times are RFC 3339, with or
// without seconds or an offset, also with a space for the T; without an offset
// they are of Mapping.Location, and a date alone is its midnight there. A local
// time that the clocks skip is rejected, the first is taken of one that they show
// twice. 24:00 is the midnight that ends a day. Dates are ISO 8601. Text is taken
// as it stands, up to 4,096 bytes. What a mapping says of other ways to write
// numbers, times and words comes before these rules.
package mapped

import "time"

// BatchRows is how many rows a batch holds at most.
const BatchRows = 64 << 10

// A Mapping says where the columns of a canonical table come from. Keys are
// names of canonical columns or unit variants.
type Mapping struct {
	Columns   map[string]Column
	Constants map[string]string // value of every row, as a file would write it
	Defaults  map[string]string // the same, for columns that the file does not have; those of other tables are passed over
	Location  *time.Location    // zone of times without an offset; nil for UTC
	Separator rune              // between fields of a CSV file; 0 for a tab where the name ends in .tsv or .tsv.gz, else a comma

	Decimal    string // before fractions: "." or ","; "" for a point
	Thousands  string // between groups of three digits; "" for nothing
	TimeFormat string // of times that have none of their own; "" for ISO 8601
	DateFormat string // of dates, likewise
	HourEnding bool   // time_utc is the end of the hour, not its start

	// Anonymous leaves the identities empty that rows would get from their content,
	// where the file has no versions: every row stands for itself.
	Anonymous bool

	// Folder is where files without a name hold what memory does not of the
	// identities that are made; "" for that of temporary files.
	Folder string

	// InHand is how many batches of a Parquet file the caller has in hand at once, if
	// it keeps nothing of them: a later one may then have their memory. 0: it may keep
	// them.
	InHand int

	// Locate returns the code and level of the area that holds a position in
	// degrees; ok is false for one that none holds. nil: there are no boundaries,
	// and the file must name its areas.
	Locate func(lon, lat float64) (id string, level int32, ok bool)

	// Area returns the code and level of the area that a file calls name. It is
	// asked once for each name. nil: the file has codes, taken as they stand and
	// as lying below the country.
	Area func(name string) (id string, level int32, err error)
}

// A Column is where a canonical column comes from.
type Column struct {
	From   []string          // columns of the file; the texts of several are joined by blanks
	Words  map[string]string // what words of the file stand for; "*" for all others
	Format string            // how its times or dates are written; "" for ISO 8601
}
