package table

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// every is each schema of the project.
func every() []*Schema { return slices.Concat(Inputs, Outputs, Beside) }

// reserved are words that a reader of the tables cannot use as a bare column
// name: the reserved words of SQL:2016, those of DuckDB 1.5 (category reserved
// of duckdb_keywords()), and the keywords and constants of R and Python.
const reserved = `
abs acos all allocate alter and any are array array_agg array_max_cardinality as asensitive asin asymmetric at atan
atomic authorization avg begin begin_frame begin_partition between bigint binary blob boolean both by call called
cardinality cascaded case cast ceil ceiling char char_length character character_length check classifier clob close
coalesce collate collect column commit condition connect constraint contains convert copy corr corresponding cos cosh
count covar_pop covar_samp create cross cube cume_dist current current_catalog current_date
current_default_transform_group current_path current_role current_row current_schema current_time current_timestamp
current_transform_group_for_type current_user cursor cycle date day deallocate dec decfloat decimal declare default
define delete dense_rank deref describe deterministic disconnect distinct double drop dynamic each element else empty
end end_frame end_partition end-exec equals escape every except exec execute exists exp external extract false fetch
filter first_value float floor for foreign frame_row free from full function fusion get global grant group grouping
groups having hold hour identity in indicator initial inner inout insensitive insert int integer intersect
intersection interval into is join json_array json_arrayagg json_exists json_object json_objectagg json_query
json_table json_table_primitive json_value lag language large last_value lateral lead leading left like like_regex
listagg ln local localtime localtimestamp log log10 lower match match_number match_recognize matches max member merge
method min minute mod modifies module month multiset national natural nchar nclob new no none normalize not nth_value
ntile null nullif numeric octet_length occurrences_regex of offset old omit on one only open or order out outer over
overlaps overlay parameter partition pattern per percent percent_rank percentile_cont percentile_disc period portion
position position_regex power precedes precision prepare primary procedure ptf range rank reads real recursive ref
references referencing regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
release result return returns revoke right rollback rollup row row_number rows running savepoint scope scroll search
second seek select sensitive session_user set show similar sin sinh skip smallint some specific specifictype sql
sqlexception sqlstate sqlwarning sqrt start static stddev_pop stddev_samp submultiset subset substring
substring_regex succeeds sum symmetric system system_time system_user table tablesample tan tanh then time timestamp
timezone_hour timezone_minute to trailing translate translate_regex translation treat trigger trim trim_array true
truncate uescape union unique unknown unnest update upper user using value value_of values var_pop var_samp varbinary
varchar varying versioning when whenever where width_bucket window with within without year
analyse analyze asc asof at deferrable desc desc_or_asc do ilike initially lambda limit pivot pivot_longer
pivot_wider placing qualify returning summarize unpivot variadic anti glob isnull notnull positional semi
if else repeat while function for next break true false null inf nan na na_integer_ na_real_ na_complex_
na_character_ in
and as assert async await break class continue def del elif else except finally for from global if import in is
lambda match nonlocal not or pass raise return try type while with yield`

func TestNamesAreUsableEverywhere(t *testing.T) {
	words := strings.Fields(reserved)
	snake := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	tables := map[string]bool{}
	for _, s := range every() {
		if tables[s.Name] {
			t.Errorf("two tables are named %s", s.Name)
		}
		tables[s.Name] = true
		if !snake.MatchString(s.Name) {
			t.Errorf("the name of table %s is not lower_snake", s.Name)
		}
		columns := map[string]bool{}
		for _, c := range s.Columns {
			switch {
			case columns[c.Name]:
				t.Errorf("%s has two columns %s", s.Name, c.Name)
			case !snake.MatchString(c.Name):
				t.Errorf("%s.%s is not lower_snake", s.Name, c.Name)
			case slices.Contains(words, c.Name):
				t.Errorf("%s.%s is a reserved word of SQL:2016, DuckDB, R or Python", s.Name, c.Name)
			}
			columns[c.Name] = true
			if !strings.HasSuffix(c.Description, ".") && !strings.HasSuffix(c.Description, "…") {
				t.Errorf("%s.%s has no sentence that says what it means: %q", s.Name, c.Name, c.Description)
			}
		}
	}
}

// unitSuffix is the part of a name that says its unit; "" for a count of the
// things that the name itself names.
var unitSuffix = map[string]string{
	"°C": "c", "°C²": "c2", "K·d": "kd", "K·h": "kh", "h": "h", "d": "d", "min": "min", "km/h": "kmh", "%": "pct", "customer·h": "ch", "person·h": "ph", "m": "m",
	"people": "", "customers": "", "people/customer": "", "queues": "", "versions": "", "events": "", "munitions": "",
	"customer·h·events": "", // of products, which name their factors
	"places":            "", "alerts": "", "rows": "", "reports": "", "outlets": "", "households": "", "bytes": "", "nights": "", "readings": "",
}

// withoutSuffix are columns whose unit the words of the name say.
var withoutSuffix = map[string]bool{
	"hours_in_day": true, "t_n_present": true, // hours
	"days": true, "med_days": true, "n": true, "n_expected": true, "n_eff": true, "n_dropped": true, "n_support": true, // days
	"out_ch_le_m10_lo": true, "out_ch_le_m10_hi": true, // customer-hours of some hours of the day
}

func TestNamesEndInTheirUnit(t *testing.T) {
	for _, s := range every() {
		for _, c := range s.Columns {
			parts := strings.Split(c.Name, "_")
			if last := parts[len(parts)-1]; last == "lo" || last == "hi" {
				parts = parts[:len(parts)-1]
			}
			last := parts[len(parts)-1]
			if c.Unit == "" {
				if number := c.Type == Float64 || c.Type == Int32 || c.Type == Int64; number && slices.Contains([]string{"c", "c2", "kd", "kh", "min", "kmh", "pct", "ch", "ph", "h"}, last) {
					t.Errorf("%s.%s names a unit that the schema does not", s.Name, c.Name)
				}
				continue
			}
			suffix, ok := unitSuffix[c.Unit]
			switch {
			case !ok:
				t.Errorf("%s.%s has the unit %q, which has no suffix", s.Name, c.Name, c.Unit)
			case suffix != "" && last != suffix && !withoutSuffix[c.Name]:
				t.Errorf("%s.%s is in %s and does not end in _%s", s.Name, c.Name, c.Unit, suffix)
			}
		}
	}
}

// One name means one thing in all published tables. A name with several
// meanings must be listed, with the reason.
func TestANameMeansOneThing(t *testing.T) {
	exceptions := map[string]string{
		"n_expected": "counts what counted_in says in coverage, days elsewhere",
	}
	first := map[string]struct {
		table string
		Column
	}{}
	for _, s := range Outputs {
		for _, c := range s.Columns {
			other, ok := first[c.Name]
			if !ok {
				first[c.Name] = struct {
					table string
					Column
				}{s.Name, c}
				continue
			}
			if _, listed := exceptions[c.Name]; !listed && (c.Type != other.Type || c.Unit != other.Unit) {
				t.Errorf("%s.%s is %v in %q, %s.%s is %v in %q", s.Name, c.Name, c.Type, c.Unit, other.table, c.Name, other.Type, other.Unit)
			}
		}
	}
}

func TestKeysAreColumnsThatAreNeverNull(t *testing.T) {
	for _, s := range every() {
		if len(s.Key) == 0 {
			t.Errorf("%s has no key", s.Name)
		}
		for _, name := range s.Key {
			c, ok := s.Column(name)
			switch {
			case !ok:
				t.Errorf("%s has the key column %s, which it does not have", s.Name, name)
			case c.Null && name != "first_seen_utc": // a source without vintages has one version of a row
				t.Errorf("key column %s.%s may be null", s.Name, name)
			}
		}
		for _, c := range s.Columns {
			if c.Enum != nil && c.Type != String {
				t.Errorf("%s.%s lists values and is no text", s.Name, c.Name)
			}
			if c.Enum != nil && c.Default != "" && !strings.Contains(c.Default, " ") && !slices.Contains(c.Enum, c.Default) {
				t.Errorf("the default %q of %s.%s is none of its values", c.Default, s.Name, c.Name)
			}
		}
	}
}

func TestFlagsHaveNames(t *testing.T) {
	if got, want := FlagInBase, int32(1)<<(len(FlagNames)-1); got != want {
		t.Fatalf("the last flag is %d, the last name stands for %d", got, want)
	}
	flags, _ := AreaDay.Column("flags")
	for i, name := range FlagNames {
		if want := fmt.Sprintf("%d %s", 1<<i, name); !strings.Contains(flags.Description, want) {
			t.Errorf("the description of area_day.flags does not say %q", want)
		}
	}
}

// What a table computes names its definition in the methods and its function.
func TestDailyColumnsNameWhatDefinesThem(t *testing.T) {
	for _, s := range []*Schema{AreaDay, ColdSpell, StrikeNight, QueueDay, Hardship, EnergyReport} {
		for _, c := range s.Columns {
			if !s.IsKey(c.Name) && c.Name != "tz" && c.Name != "flags" && (c.Definition == "" || c.Function == "") {
				t.Errorf("%s.%s names definition %q and function %q", s.Name, c.Name, c.Definition, c.Function)
			}
		}
	}
}
