package pipeline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hardship/pipeline/internal/spelling"
	"hardship/pipeline/shard"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// An Explanation says what a name in a result means: a table, a column of one,
// or the code of a fault or of a reason. Fields that do not apply are empty.
type Explanation struct {
	Name        string   `json:"name"` // TABLE, TABLE.COLUMN or the code
	Kind        string   `json:"kind"` // table, column or code
	Description string   `json:"description"`
	Type        string   `json:"column_type,omitempty"`
	Unit        string   `json:"unit,omitempty"`
	Null        bool     `json:"nullable,omitempty"`
	Key         []string `json:"key,omitempty"` // of the table
	Columns     []string `json:"columns,omitempty"`
	Allowed     []string `json:"allowed,omitempty"` // the only values
	Range       string   `json:"range,omitempty"`   // inputs: numbers outside are rejected
	Default     string   `json:"default,omitempty"` // inputs: what a file without the column means
	Definition  string   `json:"definition,omitempty"`
	Formula     string   `json:"formula,omitempty"`
	Function    string   `json:"function,omitempty"` // such as pipeline/index: Summarize
	Cause       string   `json:"cause,omitempty"`
	Cure        string   `json:"cure,omitempty"`
}

// Explain returns the explanation of TABLE, TABLE.COLUMN or a code such as
// H0203 or M0201. The error of an unknown name says which may have been meant.
func Explain(name string) (*Explanation, error) {
	schemas := slices.Concat(table.Outputs, table.Beside, table.Inputs)
	tableName, columnName, ofColumn := strings.Cut(name, ".")
	for _, page := range codePages {
		if strings.EqualFold(string(page.code), name) {
			return &Explanation{Name: string(page.code), Kind: "code", Description: page.title, Cause: page.cause, Cure: page.cure}, nil
		}
	}
	for _, page := range slices.Concat(reasonPages, pauseReasonPages) {
		if strings.EqualFold(string(page.code), name) {
			return &Explanation{Name: string(page.code), Kind: "code", Description: page.title, Cause: page.cause, Cure: page.cure}, nil
		}
	}
	schema, err := table.Find(schemas, tableName)
	if err != nil {
		return nil, fmt.Errorf("%q is neither a table, a column of one, nor a code%s", name, didYouMean(namesNear(name, schemas)))
	}
	if !ofColumn {
		return explainTable(schema), nil
	}
	column, ok := schema.Column(columnName)
	if !ok {
		var near []string
		for _, n := range spelling.Near(columnName, columnNames(schema)) {
			near = append(near, tableName+"."+n)
		}
		return nil, fmt.Errorf("table %s has no column %q%s", tableName, columnName, didYouMean(near))
	}
	return explainColumn(schema, column), nil
}

func explainTable(s *table.Schema) *Explanation {
	return &Explanation{Name: s.Name, Kind: "table", Description: s.Description, Key: s.Key, Columns: columnNames(s)}
}

func explainColumn(s *table.Schema, c table.Column) *Explanation {
	e := &Explanation{
		Name: s.Name + "." + c.Name, Kind: "column", Description: c.Description,
		Type: c.Type.String(), Unit: c.Unit, Null: c.Null, Key: s.Key, Allowed: c.Enum, Default: c.Default,
		Definition: c.Definition, Formula: table.Definition(c.Definition),
	}
	if c.Min != 0 || c.Max != 0 {
		number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
		e.Range = number(c.Min) + " to " + number(c.Max)
	}
	if pkg, function, ok := strings.Cut(c.Function, "."); ok {
		e.Function = "pipeline/" + pkg + ": " + function
	}
	return e
}

func columnNames(s *table.Schema) []string {
	names := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		names[i] = c.Name
	}
	return names
}

// namesNear returns what an unknown name may stand for: tables and codes spelt
// nearly so, and a column given without its table.
func namesNear(name string, schemas []*table.Schema) []string {
	tableName, columnName, _ := strings.Cut(name, ".")
	var tables, codes, near []string
	for _, s := range schemas {
		tables = append(tables, s.Name)
		if s.Index(name) >= 0 {
			near = append(near, s.Name+"."+name)
		}
	}
	for _, p := range codePages {
		codes = append(codes, string(p.code))
	}
	for _, p := range slices.Concat(reasonPages, pauseReasonPages) {
		codes = append(codes, string(p.code))
	}
	for _, n := range spelling.Near(tableName, tables) {
		if s, _ := table.Find(schemas, n); s.Index(columnName) >= 0 {
			n += "." + columnName
		}
		near = append(near, n)
	}
	near = append(near, spelling.Near(strings.ToUpper(name), codes)...)
	return near[:min(3, len(near))]
}

// Suggest asks whether one of names was meant by a name that is not known: ""
// or such as "; did you mean --threads?".
func Suggest(written string, names []string) string { return didYouMean(spelling.Near(written, names)) }

func didYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}

// textWidth is the width to which explanations are broken.
const textWidth = 88

// String returns the explanation as text for people, ending in a newline.
func (e *Explanation) String() string {
	var b strings.Builder
	b.WriteString(e.Name)
	if e.Kind == "column" {
		b.WriteString(": " + e.Type)
		if e.Unit != "" {
			b.WriteString(", " + e.Unit)
		}
		if !e.Null {
			b.WriteString(", never null")
		}
	}
	b.WriteString("\n\n")
	writeField(&b, "", e.Description)
	b.WriteString("\n")
	if e.Kind == "column" && e.Null {
		writeField(&b, "null", "unknown, never zero")
	}
	definition := ""
	if e.Definition != "" {
		definition = "methods " + e.Definition + ": " + e.Formula
	}
	for _, f := range [][2]string{
		{"key", strings.Join(e.Key, ", ")},
		{"columns", strings.Join(e.Columns, ", ")},
		{"values", strings.Join(e.Allowed, ", ")},
		{"range", e.Range},
		{"default", e.Default},
		{"definition", definition},
		{"function", e.Function},
		{"cause", e.Cause},
		{"cure", e.Cure},
	} {
		if f[1] != "" {
			writeField(&b, f[0], f[1])
		}
	}
	return b.String()
}

// writeField writes text broken at spaces, after its label.
func writeField(b *strings.Builder, label, text string) {
	indent := "  "
	if label != "" {
		indent = fmt.Sprintf("  %-12s", label)
	}
	width := 0
	for i, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case i == 0:
			b.WriteString(indent)
			width = len(indent)
		case width+1+n > textWidth:
			b.WriteString("\n" + strings.Repeat(" ", len(indent)))
			width = len(indent)
		default:
			b.WriteString(" ")
			width++
		}
		b.WriteString(word)
		width += n
	}
	b.WriteString("\n")
}

// codePage explains one code of a fault in an input.
type codePage struct {
	code               source.Code
	title, cause, cure string
}

// codePages has a page for every code of package source, and then of package
// shard, in their order.
var codePages = []codePage{
	{source.Unreadable, "the file cannot be opened or ends early",
		"The file is missing, is a folder, may not be read, or the disk returned fewer bytes than its size.",
		"Check the name against the configuration's root, and the permissions. A source whose file may be missing can say optional: true."},
	{source.WrongFormat, "the file is not of the format named",
		"The header lacks columns that the format or the mapping needs, the content is of another format, or most of its rows were rejected.",
		"Compare the header with the source's format and columns. A file of your own needs format csv, tsv, jsonl or parquet and a columns mapping. For NetCDF, write Parquet first: xarray.open_dataset(FILE).to_dataframe().reset_index().to_parquet(OUT)."},
	{source.Damaged, "the file's own structure contradicts itself",
		"The file was cut off or changed after it was written: an offset, length or checksum inside it does not fit.",
		"Fetch the file again and compare its SHA-256 with the publisher's."},
	{source.TooLarge, "the file asks for more than the limits allow",
		"A line, a nesting, a number of columns or what a compressed file unpacks to is far beyond anything a real file has.",
		"If the file is right, raise the limit that the message names, such as limits: {row_bytes: 4194304}, or split the file before the run."},
	{source.BadSetting, "the source lacks a setting that its format needs",
		"The format needs a place, a column or an option that the source does not give, or gives one that it does not have.",
		"Set it in the source, as the message says. Files without the name of an area need place: AREA."},
	{source.Incomplete, "boundaries lack areas that they should have",
		"The file has some areas of a country and level, and not all that the area table has. What happened in the others would have no area.",
		"Compare the codes that the message names: often the file writes one in another way. areas: {boundaries: {property: …}} names the property that holds them; it may be the P-code, the ISO 3166-2 code or a name. Else take a file that has them all."},
	{source.Malformed, "the row cannot be split into fields",
		"A quote is not closed or stands inside a field, or the row has more or fewer fields than the header.",
		"Correct the line, or have the publisher quote fields that hold the separator."},
	{source.NotANumber, "not a number",
		"The field holds text, a thousands separator, a decimal comma, infinity or NaN, or a fraction where a whole number is needed.",
		"Write numbers as -5.2, and leave the field empty where the value is unknown."},
	{source.NotATime, "not a time",
		"The field is not a time such as 2026-01-15T18:00:00Z or, in a date column, not a date such as 2026-01-15.",
		"Write ISO 8601. A time without an offset is read in the source's tz."},
	{source.EndsBefore, "an interval ends before it starts",
		"The end lies before the start. Often one of the two is in another time zone, or the columns are swapped.",
		"Check the source's tz and the columns mapping; leave the end empty while the interval is open."},
	{source.MissingValue, "a value that is needed is empty",
		"The row lacks a value without which it means nothing, such as its area or its time.",
		"Fill it in, or give a value for every row: columns: {COLUMN: {const: VALUE}}."},
	{source.UnknownArea, "no area has this name",
		"The name or code is not in the area table. A name that stands for several areas is not guessed.",
		"Use the code, or add the spelling to the aliases of the area table; areas: {from_data: true} takes any code as it stands."},
	{source.NotAllowed, "not one of the values that the field may have",
		"The column takes only the words of its definition; `hardship explain TABLE.COLUMN` lists them.",
		"Translate the publisher's words before the run, or leave the column out and take its default."},
	{source.OutOfRange, "outside the range of the column",
		"The number cannot be what the column holds: a temperature below −90 °C or above 60 °C, a count below zero. Often it is in another unit.",
		"Map the column under the name that says its unit, such as t_f, t_k or wind_ms; `hardship explain TABLE.COLUMN` gives the range."},
	{source.SkippedTime, "a local time that the clocks skip",
		"The clocks were put forward over this local time, so it never was.",
		"Check the source's tz: times in UTC that are read as local ones show this fault once a year."},
	{source.BadText, "not UTF-8, or a NUL",
		"The field holds bytes that are not UTF-8 text: the file is in another encoding, or damaged.",
		"Convert the file, for example with iconv -f windows-1251 -t utf-8."},
	{source.Duplicate, "another row has the same key",
		"Two rows are about the same thing at the same time and differ; which of them counts cannot be known.",
		"Keep one. A correction is a row of its own with a later first_seen_utc."},
	{source.Contradiction, "two fields of the row contradict each other",
		"Taken together the fields cannot be true, such as a lower bound above the upper one.",
		"Ask the publisher which field is right; the row stays rejected until one is corrected."},
	{source.OutsideAreas, "a position that no area holds",
		"The latitude and longitude lie in none of the areas that have a boundary: abroad, off the coast, or swapped. The position itself is never shown.",
		"Look the row up in the file by its line. Where the area is known, give it in area_id: it comes before the position."},
	{source.Implausible, "a temperature that no weather has",
		"The value lies outside −60 to 55 °C: a broken sensor, another unit, or a code for a missing value such as -999.",
		"Look at the readings round it. Words for missing values are mapped: t_c: {column: NAME, words: {\"-999\": \"\"}}; a bad reading is marked by qc: 2. The row is used as it stands."},
	{source.Jump, "a step of temperature that no hour has",
		"Two readings an hour apart differ by 20 K or more: a broken sensor, a changed station, or times in the wrong order.",
		"Look at the readings round it and mark the bad one by qc: 2. The row is used as it stands."},
	{source.Stuck, "the same temperature hour after hour",
		"A reading has not changed in 24 hours: a frozen sensor, or a value carried on over a gap.",
		"Mark readings that were carried on by qc: 3. The rows are used as they stand."},
	{source.LongInterval, "an interval of more than 30 days",
		"The end lies more than 30 days after the start. Often an end was lost and the next event's taken for it, or a year is wrong.",
		"Check both times; leave the end empty if nobody knows it. The row is used as it stands."},
	{source.TooMany, "more customers than there are",
		"More customers are out than the area serves or, where that is unknown, than people live there: a sum over several areas, or another unit.",
		"Check the area and the number. The row is used as it stands."},
	{source.Future, "a time to come",
		"The row is of a time after the as-of, or after now where none is set: a wrong year or zone, or a forecast among observations.",
		"Check the times and the source's tz; mark forecasts by qc: 4. A run leaves out what lies behind its as-of."},
	{source.Silent, "nothing new for longer than usual",
		"The newest row of the source is older than its stale_after_days.",
		"Look whether the publisher has stopped or moved, and whether the download has failed."},
	{shard.Incomplete, "a stream or a partial that is not whole",
		"The process that wrote it was stopped: a stream of a worker without its end marker, or a partial with fewer rows than it counts. Or input rows of an area were lost on their way to its worker.",
		"Nothing to be done if the task is tried again; its first attempt counts for nothing. Else run the shard or the driver again, and look whether all files of input/ are where it reads them."},
	{shard.Version, "columns or a version that this program does not know",
		"The partial, or the rows given to a worker, were made by another version of the program or by another program.",
		"Run shards, workers and merge with one program."},
	{shard.Unsorted, "rows of areas that are interleaved or out of order",
		"A worker takes whole areas, one after the other, the rows of each by kind and row_no, each once.",
		"Partition by area_id and sort each partition by area_id, kind and row_no, as the driver of hardship shard files does."},
	{shard.NullKey, "a row without a key",
		"A row given to a worker, or one of a partial, lacks its kind, area_id, row_no or another value that is never null.",
		"Look at what the driver adds to the input rows that hardship shard context has written."},
	{shard.Foreign, "a partial of another run",
		"Its inputs, settings, program or number of shards are not those of the others, or of the merge. Results of workers may be those of an earlier run.",
		"Give merge and workers the configuration and flags of the shards or the context; keep each run's partials in a folder of their own; run the shard or the driver again."},
	{shard.Missing, "a shard or an area that no partial holds",
		"A shard has not finished, or its folder was not copied.",
		"Run the shards that are named: hardship run --shard I/N --partials DIR."},
	{shard.Twice, "a shard or an area that two partials hold",
		"A folder was copied under another name, or two attempts of a task were both kept.",
		"Remove one of the two that are named: they hold the same."},
	{NoDisk, "a disk that is full, or gives not back what it took",
		"What does not fit into memory lies in files without a name in the output folder, and with validate in the folder of temporary files; a run is written beside the last one before it takes its place. The disk of one of them took no more, or what was read was not what had been written. Nothing was published, and nothing temporary is left.",
		"Make room there, or name another disk with --out or TMPDIR. A larger --max-memory moves less to disk."},
	{NoMemory, "more memory than --max-memory allows",
		"What cannot be moved to disk is more than may be held: news reports, the ids of areas, and what one area needs, such as the strikes of a country. Nothing was published.",
		"Raise --max-memory, or take fewer areas or days."},
}
