package table

// Assumption is the table of what the numbers of a run rest on.
var Assumption = &Schema{
	Name:        "assumption",
	Description: "What the numbers of a run rest on and the data cannot tell: thresholds, rules of coverage, seasons, baselines, limits of publication. From the configuration with its defaults, and from the program.",
	Key:         []string{"assumption_name", "applies_to"},
	Columns: []Column{
		{Name: "assumption_name", Type: String, Description: "What is assumed."},
		{Name: "assumed", Type: String, Description: "The value, as words."},
		{Name: "assumed_number", Type: Float64, Null: true, Description: "The value as a number; null for what is none."},
		{Name: "assumed_unit", Type: String, Null: true, Description: "Its unit."},
		{Name: "applies_to", Type: String, Description: "Tables and columns that it decides; a model of the plan by its id."},
		{Name: "set_by", Type: String, Description: "configuration: can be set. program: a rule of the methods, the same in every run.", Enum: []string{"configuration", "program"}},
		{Name: "definition_ref", Type: String, Null: true, Description: "Section or id in the methods."},
	},
}
