package table

// ChangeLog is what changed between two published runs. It depends on the run that
// came before, so it stands beside the run and is in no hash of it.
var ChangeLog = &Schema{
	Name:        "change_log",
	Description: "What differs from the run that was the latest before: a row for each cell, for each row that only one of the two has, and for each table and column. Stands beside the run, in changes/RUN, since it depends on which run came before.",
	Key:         []string{"table_name", "change_kind", "row_key", "column_name"},
	Columns: []Column{
		{Name: "table_name", Type: String, Description: "Table."},
		{Name: "change_kind", Type: String, Description: "What changed. A row or column that is removed is in the run before only.", Enum: ChangeKinds},
		{Name: "row_key", Type: String, Description: "Key of the row as column=value; empty for whole tables and columns, and for changes that are counted and not listed."},
		{Name: "column_name", Type: String, Description: "Column; empty for whole rows and tables."},
		{Name: "area_id", Type: String, Null: true, Description: "Area of the row; null where it has none."},
		{Name: "date_local", Type: Date, Null: true, Description: "Day of the row; null where it has none."},
		{Name: "old_value", Type: String, Null: true, Description: "Cell in the run before, as CSV has it; null for null and for whole rows."},
		{Name: "new_value", Type: String, Null: true, Description: "Cell in the run; null for null and for whole rows."},
		{Name: "changes_n", Type: Int64, Description: "Changes that this row stands for: 1, or more for those of a table, kind and column beyond the first 10,000 of the table and those that may not be listed."},
		{Name: "changed_by", Type: String, Null: true, Description: "The one source, or program or settings, that differs between the runs and can have made the change; null where several can."},
	},
}

// ChangeKinds are the kinds of a change, in the order of the table.
var ChangeKinds = []string{"cell_changed", "column_added", "column_removed", "row_added", "row_removed", "table_added", "table_removed"}

// Beside are the tables that are published beside runs.
var Beside = []*Schema{ChangeLog}
