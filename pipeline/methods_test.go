package pipeline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hardship/pipeline/table"
)

// methods says, for every section of the methods on cold, outages, strikes,
// hardship, statistics and pauses, which function computes it and which test
// holds its reference values. More than one test is parted by spaces.
var methods = []struct{ id, function, test string }{
	{"C1", "panel.coldDays", "panel.TestColdDayThresholdsCountEquality"},
	{"C2", "index.Spells", "index.TestSpells index.TestSpellDaysByMonth panel.TestSpells"},
	{"C3", "index.ColdSpellDuration", "index.TestColdSpellDuration index.TestColdNights index.TestQuantile"},
	{"C4", "index.ExcessColdOn", "index.TestExcessColdOn"},
	{"C5", "index.WindChill", "index.TestWindChill panel.TestWindChillNeedsWindAndFrost"},
	{"C6", "index.HeatingDegreeDay", "index.TestHeatingDegreeDay"},
	{"C7", "index.ClippedDegreeDay", "index.TestClippedDegreeDay"},
	{"C8", "index.ApproximatedDegreeDay", "index.TestApproximatedDegreeDay"},
	{"C9", "index.HeatingSeason", "index.TestHeatingSeason"},
	{"C10", "index.DegreeHours", "index.TestDegreeHours panel.TestDegreeHoursAreScaledToTheWholeDay"},

	{"6.1", "index.CustomerHours", "index.TestCustomerHours index.TestCustomerHoursAgreesWithCountingMinutes"},
	{"6.2", "index.Snapshots", "index.TestSnapshots panel.TestARunWithoutARowIsZeroAndNoRunIsUnknown"},
	{"6.3", "index.Reliable", "index.TestReliable"},
	{"6.4", "index.MajorThreshold", "index.TestMajorEventDays"},
	{"6.5", "index.Restore", "index.TestRestore index.TestRestoreAtTheEdges index.TestOpenInterruptionsBoundCAIDI"},
	{"6.6", "panel.pass.announcedQueue", "panel.TestASlotTakesTheLastVersionBeforeItBegins panel.TestALogStandsBesideTheSchedule"},
	{"6.7", "index.RobustZ", "index.TestRobustZ panel.TestAProxyIsSetAgainstItsOwnFourWeeks"},

	{"7.1", "panel.nightRow.add", "panel.TestTheCountryHasARowForEveryWeaponOfANightWithABulletin panel.TestRegionalPublishersNeverAddToTheNational"},
	{"7.2", "panel.pass.strikesOfDay", "panel.TestEnergyTargetsAreBounds panel.TestReportsCountStories"},
	{"7.3", "index.EventGroups", "index.TestEventGroups index.TestChapman panel.TestOneStrikeOfTwoSourcesIsOneAtLeast panel.TestSourcesThatTellOfTheSameStrikes"},
	{"7.4", "panel.pass.strikesOfDay", "panel.TestEnergyTargetsAreBounds"},
	{"7.5", "index.ChainLadder", "index.TestChainLadder index.TestCompletenessGrowsWithAge"},

	{"8.1", "index.PersonHours", "index.TestPersonHours panel.TestPeopleInTheDark"},
	{"8.2", "index.Home.Through", "index.TestHoursUntilCold index.TestTimeConstant index.TestIndoorHourByHour"},
	{"8.3", "index.HouseholdClass", "index.TestHouseholdClass"},
	{"8.4", "index.AreaClass", "index.TestAreaClass"},

	{"9.1", "rate.CountInterval", "rate.TestCountInterval"},
	{"9.2", "rate.Compare", "rate.TestCompareReference rate.TestCompareWithoutEvents rate.TestETestOfLargeCounts"},
	{"9.3", "regress.Model.Fit", "regress.TestPoissonReference regress.TestNegativeBinomialReference regress.TestThetaThatTheDataDoNotTell"},
	{"9.4", "regress.Fit.CR1", "regress.TestPanelReference regress.TestFewClusters regress.TestSeparation"},
	{"9.5", "regress.TimeStrata", "regress.TestCaseCrossoverReference"},
	{"9.6", "regress.NewCrossBasis", "regress.TestUnconstrainedLagsReference regress.TestLagStrataReference regress.TestPolynomialLagsReference regress.TestSplineCrossBasisReference regress.TestLagsAndGaps"},
	{"9.7", "regress.Fit.Interaction", "regress.TestInteractionReference regress.TestAdditive"},
	{"9.8", "regress.Fit.Attributable", "regress.TestAttributableReference"},
	{"9.9", "regress.InterruptedTerms", "regress.TestInterruptedReference"},
	{"9.10", "regress.SuperposedEpochs", "regress.TestEpochsReference correlate.TestSuperposedEpochsByShifts"},
	{"9.11", "correlate.Lagged", "correlate.TestLaggedReference correlate.TestEffectiveNumberReference correlate.TestRanksReference"},
	{"9.12", "correlate.ShiftTest", "correlate.TestShiftReference"},
	{"9.13", "correlate.MovingBlockSE", "correlate.TestBlockSEReference correlate.TestBlockBootstrapHasTheExactVariance"},
	{"9.14", "multiple.BenjaminiHochberg", "multiple.TestReference"},
	{"9.15", "regress.Changepoints", "regress.TestChangepointsReference regress.TestChangepointsAreTheBestOfAll"},
	{"9.16", "regress.EValue", "regress.TestEValue"},

	{"10.1", "analysis/pause.Readings", "analysis/pause.TestUntilFebruary1HasFourEnds analysis/pause.TestOnePrimaryReadingAClaim"},
	{"10.2", "analysis/pause.Results", "analysis/pause.TestBoundaryNightsAreBounds analysis/pause.TestTargetBounds analysis/pause.TestStrikesOnEnergyWithoutAKnownTargetAreNotZeroToAll"},
	{"10.3", "analysis/pause.Results", "analysis/pause.TestTheBaselineLeavesOutOtherPausesAndTheWashOut analysis/pause.TestTheBaselineLeavesOutIncompleteDays"},
	{"10.4", "rate.Adjusted", "rate.TestAdjustedReference rate.TestPredictiveAtMost rate.TestPlaceboRank analysis/pause.TestWorkedExample analysis/pause.TestMarch2025"},
	{"10.5", "rate.NewDesign", "rate.TestDesignReference rate.TestZeroEventsAreWeakEvidence"},
	{"10.6", "analysis/pause.Summarize", "analysis/pause.TestWorkedExampleVerdicts analysis/pause.TestVerdict analysis/pause.TestReasonsBeforeTheCountIsLookedAt"},
	{"10.7", "analysis/pause.Summarize", "analysis/pause.TestWhatMovesTheRatioMost analysis/pause.TestPrimaryReadingsAreAdjustedOverPauses"},
}

// TestEveryMethodHasItsTest looks for the function and the tests of each section,
// and for a section of each column.
func TestEveryMethodHasItsTest(t *testing.T) {
	functions, tests := map[string]map[string]bool{}, map[string]map[string]bool{}
	known := map[string]bool{}
	for _, m := range methods {
		known[m.id] = true
		pkg, name, _ := strings.Cut(m.function, ".")
		if functions[pkg] == nil {
			functions[pkg], tests[pkg] = declared(t, pkg, false), declared(t, pkg, true)
		}
		if !functions[pkg][name] {
			t.Errorf("section %s: there is no function %s", m.id, m.function)
		}
		for test := range strings.FieldsSeq(m.test) {
			pkg, name, _ := strings.Cut(test, ".")
			if tests[pkg] == nil {
				functions[pkg], tests[pkg] = declared(t, pkg, false), declared(t, pkg, true)
			}
			if !tests[pkg][name] {
				t.Errorf("section %s: there is no test %s", m.id, test)
			}
		}
	}
	for _, s := range table.Outputs {
		for _, c := range s.Columns {
			if ofMethods(c.Definition) && !known[c.Definition] {
				t.Errorf("%s.%s: no test is named for section %s", s.Name, c.Name, c.Definition)
			}
		}
	}
}

// ofMethods reports whether a definition lies in the sections 5 (C1 to C10) to 10.
func ofMethods(section string) bool {
	chapter, _, _ := strings.Cut(section, ".")
	return strings.HasPrefix(section, "C") || slices.Contains([]string{"6", "7", "8", "9", "10"}, chapter)
}

// declared returns the functions and methods that the files of a package declare,
// those of its tests or the others.
func declared(t *testing.T, pkg string, ofTests bool) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(pkg), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") != ofTests {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				names[receiver(fn)+fn.Name.Name] = true
			}
		}
	}
	return names
}
