package table

// The tables about the run itself.
var (
	Coverage = &Schema{
		Name:        "coverage",
		Description: "How much of what there is to know each source knows, by area and month; areas without a source have rows too.",
		Key:         []string{"area_id", "measure", "month_local", "source_id"},
		Columns: []Column{
			{Name: "measure", Type: String, Description: "What is covered: temperature, customers_out, announced_off, observed_off, strikes or alerts."},
			areaID,
			{Name: "month_local", Type: Date, Description: "First day of the month."},
			{Name: "source_id", Type: String, Description: "The source; none where no source covers the area."},
			{Name: "counted_in", Type: String, Description: "What n counts: hours, days, nights, queue-days or household-days."},
			{Name: "n_expected", Type: Int32, Null: true, Description: "How many there are in the month; null if unknown.", Definition: "0", Function: "panel.pass.coverage"},
			{Name: "n_present", Type: Int32, Description: "How many the source knows, days and nights if it knows them whole.", Definition: "0", Function: "panel.pass.coverage"},
			{Name: "coverage", Type: Float64, Null: true, Description: "n_present / n_expected.", Definition: "0", Function: "quality.Share"},
		},
	}

	// RecordSpan is what processes that share a run tell one another.
	RecordSpan = &Schema{
		Name:        "record_span",
		Description: "From the first record of a source of outages to the last, in all areas: inside it no outage is none.",
		Key:         []string{"source_id"},
		Columns: []Column{
			{Name: "source_id", Type: String, Description: "The source."},
			{Name: "start_utc", Type: Timestamp, Description: "Start of the first."},
			{Name: "end_utc", Type: Timestamp, Description: "End of the last; the as-of if one is open."},
		},
	}

	Rejected = &Schema{
		Name:        "rejected",
		Description: "Every row of an input that was not kept, with its place and the reason. Of a file and code with more rows than limits.listed_rows the last one listed counts the others.",
		Key:         []string{"source_id", "file", "line_number", "byte_column", "code", "repeat_no"},
		Columns: []Column{
			{Name: "source_id", Type: String, Description: "The source."},
			{Name: "file", Type: String, Description: "File as named in the configuration."},
			{Name: "line_number", Type: Int32, Description: "Physical line, from 1; the row for formats without lines."},
			{Name: "byte_column", Type: Int32, Description: "Byte in the line, from 1."},
			{Name: "code", Type: String, Description: "Code of the fault; `hardship explain CODE` has its page."},
			{Name: "repeat_no", Type: Int32, Description: "1, or higher for further faults at one place."},
			{Name: "field_name", Type: String, Null: true, Description: "Field, as the file spells it; null for a whole row."},
			{Name: "field_value", Type: String, Null: true, Description: "The value as written, at most 80 characters; null where it may say too much."},
			{Name: "rows_rejected", Type: Int64, Unit: "rows", Description: "Rows that this one stands for: 1, or more for the last of a file and code that is listed."},
			{Name: "message", Type: String, Description: "What is wrong."},
		},
	}

	Provenance = &Schema{
		Name:        "provenance",
		Description: "Where the run's numbers come from: one row an input file, and rows for the program, the settings and the as-of.",
		Key:         []string{"kind", "name", "file"},
		Columns: []Column{
			{Name: "kind", Type: String, Description: "input or setting."},
			{Name: "name", Type: String, Description: "Source, or name of the setting."},
			{Name: "file", Type: String, Description: "Input file, relative to the configuration's root; the value of a setting."},
			{Name: "sha256", Type: String, Null: true, Description: "SHA-256 of the file."},
			{Name: "bytes", Type: Int64, Null: true, Unit: "bytes", Description: "Size of the file."},
			{Name: "rows_read", Type: Int64, Null: true, Unit: "rows", Description: "Rows read: kept and rejected together."},
			{Name: "rows_kept", Type: Int64, Null: true, Unit: "rows", Description: "Rows kept."},
			{Name: "rows_rejected", Type: Int64, Null: true, Unit: "rows", Description: "Rows rejected."},
			{Name: "table_name", Type: String, Null: true, Description: "Canonical table that the file fills; null where its format was not recognised."},
			{Name: "format", Type: String, Null: true, Description: "Format that it was read as: the one declared, or recognised by the file's first bytes."},
			{Name: "origin", Type: String, Null: true, Description: "Publisher and place of publication."},
			{Name: "revision", Type: String, Null: true, Description: "Release or commit."},
			{Name: "licence", Type: String, Null: true, Description: "Licence; says so where the publisher states none."},
			{Name: "attribution", Type: String, Null: true, Description: "Words to be printed with the data."},
		},
	}

	DataDictionary = &Schema{
		Name:        "data_dictionary",
		Description: "Every column of every published table.",
		Key:         []string{"table_name", "column_no"},
		Columns: []Column{
			{Name: "table_name", Type: String, Description: "Table."},
			{Name: "column_no", Type: Int32, Description: "Number of the column, from 1."},
			{Name: "column_name", Type: String, Description: "Column."},
			{Name: "type_name", Type: String, Description: "Type."},
			{Name: "is_key", Type: Bool, Description: "Part of the table's key."},
			{Name: "is_nullable", Type: Bool, Description: "May be null: unknown."},
			{Name: "unit", Type: String, Null: true, Description: "Unit; null for a pure number, a name or a time."},
			{Name: "description", Type: String, Description: "Meaning, and what null means."},
			{Name: "definition_id", Type: String, Null: true, Description: "Section or id in the methods."},
			{Name: "function_name", Type: String, Null: true, Description: "Function of the program that computes it."},
		},
	}
)

// Outputs are the published tables, in the order in which a reader meets them.
var Outputs = []*Schema{
	Season, Reliability, AreaDay, ColdSpell, StrikeNight, StrikeOverlap, QueueDay, Hardship, EnergyReport, ExposureDay, ProxyDay, ContextPeriod,
	CrossCorrelation, RateRatio, ModelFit, ModelTerm, LagCurve, Calibration, Epoch, Changepoint, Fact,
	PauseReading, PauseResult, PauseSummary, PauseSensitivity,
	Coverage, Rejected, Assumption, Provenance, DataDictionary,
}

// OfAreas are the published tables that are made area by area.
var OfAreas = []*Schema{AreaDay, ColdSpell, StrikeNight, StrikeOverlap, QueueDay, Reliability, Hardship, Coverage, ExposureDay}

// Dictionary returns the data dictionary of schemas.
func Dictionary(schemas []*Schema) *Table {
	b := NewBuilder(DataDictionary)
	for _, s := range schemas {
		for i, c := range s.Columns {
			b.Row()
			b.String("table_name", s.Name)
			b.Int32("column_no", int32(i+1))
			b.String("column_name", c.Name)
			b.String("type_name", c.Type.String())
			b.Bool("is_key", s.IsKey(c.Name))
			b.Bool("is_nullable", c.Null)
			b.OptionalString("unit", c.Unit)
			b.String("description", c.Description)
			b.OptionalString("definition_id", c.Definition)
			b.OptionalString("function_name", c.Function)
		}
	}
	return b.Table()
}
