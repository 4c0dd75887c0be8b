package report

import (
	"bytes"
	"fmt"
	"slices"

	"hardship/pipeline/table"
)

// readme writes the README.md of the run: what each file is, how to read the
// tables, how to cite them and whom to credit.
func (r *reading) readme() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\nOne run of `hardship`: %s, data as of %s. Nothing in this folder changes after it was published.\n",
		escapeMarkdown(r.title()), datesOf(r.First, r.End-1), momentOf(r.AsOf))
	b.WriteString(`
## Files

| file | what it is |
|---|---|
| [report/report.html](report/report.html) | the report: one page, no script, prints on A4 |
| [report/report.md](report/report.md) | the same for Markdown readers |
| report/charts/ | every chart as SVG and PNG, and its data as CSV |
| [results.json](results.json) | the main numbers with their intervals, for programs |
| tables/ | the tables, as Parquet |
| notebooks/ | notebooks that read the tables, and the same in SQL (DuckDB) and in R |
| manifest.json | inputs, settings, program, warnings; every file with its SHA-256 |
| SHA256SUMS | the same hashes, for ` + "`sha256sum -c SHA256SUMS`" + ` |
| datapackage.json | every table and column with its unit, for other programs (Data Package 2) |

## Tables

| table | rows | what it holds |
|---|---:|---|
`)
	for _, c := range r.Tables {
		t := c.Table()
		fmt.Fprintf(&b, "| [%s](tables/%s.parquet) | %d | %s |\n", t.Schema.Name, t.Schema.Name, t.Rows(), escapeMarkdown(t.Schema.Description))
	}
	b.WriteString(`
Null is unknown and zero is an observed zero. Columns that end in _lo and _hi are the two ends of what is possible.
Times that end in _utc are UTC; date_local is the civil day of the area. The table data_dictionary has the meaning and unit of every column.

## Reading them

In this folder:

- DuckDB: ` + "`SELECT * FROM 'tables/area_day.parquet' WHERE area_id = '" + r.exampleArea() + "' ORDER BY date_local;`" + `
- pandas: ` + "`pandas.read_parquet(\"tables/area_day.parquet\")`" + `
- Polars: ` + "`polars.read_parquet(\"tables/area_day.parquet\")`" + `
- R: ` + "`arrow::read_parquet(\"tables/area_day.parquet\")`" + `
- Excel: Data, Get Data, From File, From Parquet, then choose a file of tables/

## Citing it

`)
	fmt.Fprintf(&b, "> %s. hardship%s, data as of %s. Name the sources below, too.\n", escapeMarkdown(r.title()), version(r.Version), momentOf(r.AsOf))
	b.WriteString("\n## Sources and licences\n\nThe figures are compiled from these sources, under their licences:\n\n")
	t := r.table(table.Provenance)
	var named []string
	for row := range t.Rows() {
		source := t.String("name").Value(row)
		if t.String("kind").Value(row) != "input" || slices.Contains(named, source) {
			continue
		}
		named = append(named, source)
		fmt.Fprintf(&b, "- %s", markdown(name(source)))
		for _, column := range []string{"attribution", "origin"} {
			if s := t.String(column).Value(row); s != "" {
				fmt.Fprintf(&b, "; %s", escapeMarkdown(s))
			}
		}
		if t.String("licence").IsNull(row) && t.String("attribution").IsNull(row) && t.String("origin").IsNull(row) {
			b.WriteString(": neither origin nor licence is on record\n")
		} else if licence := t.String("licence").Value(row); noLicence(licence) {
			fmt.Fprintf(&b, ". **Licence: %s**\n", orElse(escapeMarkdown(licence), "none stated"))
		} else {
			fmt.Fprintf(&b, ". Licence: %s\n", escapeMarkdown(licence))
		}
	}
	if len(named) == 0 {
		b.WriteString("- no input is on record\n")
	}
	return b.Bytes()
}

func version(s string) string {
	if s == "" {
		return ""
	}
	return " " + escapeMarkdown(s)
}

// exampleArea is an area for the example: one with a plain code.
func (r *reading) exampleArea() string {
	for _, a := range append(slices.Clone(r.focus), r.areas()...) {
		if plainCode(string(a.ID)) {
			return string(a.ID)
		}
	}
	return "AREA"
}

func plainCode(id string) bool {
	for _, c := range id {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return id != "" && len(id) <= 20
}
