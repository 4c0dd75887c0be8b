package pause

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hardship/pipeline/table"
)

// judging are words about intent and compliance, which the terms of a pause that
// was not agreed do not allow (methods.md 10.6, 11.1).
var judging = regexp.MustCompile(`(?i)\b(held|holds|violat\w*|compl(y|ies|ied|iance)|breach\w*|honou?r\w*|respect(ed|s)|broke|broken|caus(e|es|ed|al)|guilty|prov(e|es|ed|en))\b`)

// constants returns every text in the package's code.
func constants(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, text)
			}
			return true
		})
	}
	return out
}

func TestNoWordJudgesIntentOrCompliance(t *testing.T) {
	texts := constants(t)
	if len(texts) < 100 {
		t.Fatalf("only %d texts were read", len(texts))
	}
	for _, s := range []*table.Schema{table.PauseReading, table.PauseResult, table.PauseSummary, table.PauseSensitivity} {
		texts = append(texts, s.Name, s.Description)
		for _, c := range s.Columns {
			texts = append(texts, c.Name, c.Description)
			texts = append(texts, c.Enum...)
		}
	}
	for _, text := range texts {
		if word := judging.FindString(text); word != "" {
			t.Errorf("%q judges: %q", word, text)
		}
	}
	// What a run writes, cell by cell.
	readings, err := Readings(shippedClaims(t), settings())
	if err != nil {
		t.Fatal(err)
	}
	found := append(exampleResults(t, Baseline{28, 0}), results(t, shippedClaims(t), noDays(), noNights(), settings())...)
	for _, made := range []*table.Table{ReadingTable(readings), ResultTable(found), SummaryTable(Summarize(found)), SensitivityTable(Sensitivities(found))} {
		for row := range made.Rows() {
			for c, column := range made.Schema.Columns {
				text, ok := made.Value(row, c).(string)
				if !ok {
					continue
				}
				if word := judging.FindString(text); word != "" {
					t.Fatalf("%s.%s judges: %q", made.Schema.Name, column.Name, text)
				}
				if column.Enum != nil && !slices.Contains(column.Enum, text) {
					t.Fatalf("%s.%s is %q, none of its words", made.Schema.Name, column.Name, text)
				}
			}
		}
	}
}

func TestWordsAreThoseOfTheTables(t *testing.T) {
	var names []string
	for _, m := range metrics {
		names = append(names, m.name)
	}
	same(t, "metrics", names, table.PauseMetrics)
	same(t, "verdicts", []string{Fewer, More, NoChange, Depends, NotEvaluable}, table.PauseVerdicts)
	same(t, "reasons of readings", []string{reasonDenial, reasonCondition, reasonNoEnd, reasonNoPlace, reasonNoTarget, reasonReversed}, table.ReadingReasons)
	same(t, "reasons of results", []string{
		reasonCountryOnly, reasonNotCountry, reasonOverlap, reasonEnergyOnly, reasonTargets, reasonWeapons, reasonNoNight, reasonNoDay,
		reasonWindowCoverage, reasonBaselineCoverage, reasonIncomplete, reasonCompleteness, reasonHours, reasonFewExpected, reasonPower,
		reasonBreak,
	}, table.ResultReasons)
	dims, _ := table.PauseSummary.Column("sensitivity_dim")
	names = nil
	for _, d := range dimensions {
		names = append(names, d.name)
	}
	same(t, "dimensions", names, dims.Enum)
	decided, _ := table.PauseResult.Column("decided_by")
	same(t, "intervals", decided.Enum, []string{exact, adjusted, placebo})
	claim, _ := table.Claim.Column("stance")
	reading, _ := table.PauseReading.Column("stance")
	same(t, "stances", reading.Enum, claim.Enum)
	claim, _ = table.Claim.Column("speaker_role")
	reading, _ = table.PauseReading.Column("speaker_role")
	same(t, "roles", reading.Enum, claim.Enum)
}
