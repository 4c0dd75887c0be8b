package analysis

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/regress"
	"hardship/pipeline/table"
)

const calibrationHeader = "method_id,question,scene,scene_description,record_d,areas_n,is_default,is_naive,panels,not_evaluable_share,false_positive_share,false_positive_error,true_effect,interval_coverage,interval_coverage_error,found_share,aim_met\n"

func calibrationOf(t *testing.T, lines string) Calibration {
	t.Helper()
	got, err := table.ReadCSV(strings.NewReader(calibrationHeader+lines), table.Calibration)
	if err != nil {
		t.Fatal(err)
	}
	return Calibration{got}
}

func TestTrustIsOfTheNearestRecordsAndOfAllScenes(t *testing.T) {
	c := calibrationOf(t, `m,q,calm,calm days,90,1,true,false,2000,0,.05,.005,ratio 2,.95,.005,.8,true
m,q,waves,days of waves,90,1,true,false,2000,0,.11,.007,ratio 2,.9,.007,.6,false
m,q,calm,calm days,400,1,true,false,2000,0,.051,.005,ratio 2,.951,.005,.9,true
m,q,waves,days of waves,400,1,true,false,2000,.9,.2,.03,ratio 2,.7,.03,.9,
m,q,calm,calm days,90,10,true,false,2000,0,.3,.01,ratio 2,,,.9,false
n,q,calm,calm days,90,1,false,true,2000,0,.6,.01,ratio 2,.4,.01,.9,false
`)
	for _, tt := range []struct {
		days, areas int
		want        Trust
	}{
		{60, 1, Trust{90, 1, 2, .05, .11, .9, .95, "waves", false}},
		{300, 1, Trust{400, 1, 1, .051, .051, .951, .951, "calm", true}}, // the other scene answers for one in ten
		{400, 12, Trust{90, 10, 1, .3, .3, math.NaN(), math.NaN(), "calm", false}},
	} {
		got, ok := c.Of("m", tt.days, tt.areas)
		same := got
		if math.IsNaN(tt.want.CoverageLo) && math.IsNaN(got.CoverageLo) && math.IsNaN(got.CoverageHi) {
			same.CoverageLo, same.CoverageHi, tt.want.CoverageLo, tt.want.CoverageHi = 0, 0, 0, 0
		}
		if !ok || same != tt.want {
			t.Errorf("%d days, %d areas: %+v, want %+v", tt.days, tt.areas, got, tt.want)
		}
	}
	if _, ok := c.Of("n", 90, 1); ok {
		t.Error("a method that is no default is trusted")
	}
	if _, ok := (Calibration{}).Of("m", 90, 1); ok {
		t.Error("there is no table, and it answers")
	}
	if trust, _ := c.Of("m", 90, 12); !strings.HasPrefix(trust.String(), "in simulated records of 90 days of 10 areas this finds") {
		t.Errorf("of areas: %s", trust)
	}
	trust, _ := c.Of("m", 90, 1)
	if got, want := trust.String(), "in simulated records of 90 days this finds an association that is not there in 5 to 11 % (aim 4 to 6 %), most often in scene waves; its interval holds one that is there in 90 to 95 % (aim 93 to 97 %)"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// Every kind of fit is told by methods that were simulated.
func TestEveryKindOfFitWasSimulated(t *testing.T) {
	f, err := os.Open("../../datasets/calibration/calibration.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shipped, err := table.ReadCSV(f, table.Calibration)
	if err != nil {
		t.Fatal(err)
	}
	day := hour.Date(2026, 1, 15)
	for _, tt := range []struct {
		name   string
		plan   config.Model
		family regress.Family
		areas  int
		want   []string
	}{
		{"Poisson", config.Model{}, regress.Poisson, 1, []string{"poisson_season_fixed_b"}},
		{"strata", config.Model{Adjust: []string{"strata"}}, regress.Poisson, 1, []string{"poisson_strata_fixed_b"}},
		{"least squares", config.Model{}, regress.Gaussian, 1, []string{"gaussian_season_fixed_b"}},
		{"lags", config.Model{Lags: 3}, regress.Poisson, 1, []string{"lags_season_fixed_b"}},
		{"negative binomial", config.Model{}, regress.NegativeBinomial, 1, []string{"negative_binomial_season_fixed_b"}},
		{"interaction and counts", config.Model{Interaction: &config.Interaction{}, Attributable: true}, regress.Poisson, 1, []string{"poisson_season_fixed_b", "interaction_season_fixed_b", "attributable_season_fixed_b"}},
		{"interrupted", config.Model{Interrupted: &day}, regress.Poisson, 1, []string{"interrupted_effective_n"}},
		{"pooled", config.Model{Interaction: &config.Interaction{}}, regress.Poisson, 6, []string{"pooled_season_days", "pooled_interaction_season_days"}},
		{"pooled counts", config.Model{Attributable: true}, regress.Poisson, 12, []string{"pooled_season_days", "pooled_attributable_season_days"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fit := &fitted{design: &design{plan: &tt.plan, family: tt.family, areas: make([]area.ID, tt.areas)}}
			var got []string
			for _, m := range fit.methods() {
				got = append(got, m.name)
				if _, ok := (Calibration{shipped}).Of(m.name, 150, tt.areas); !ok {
					t.Errorf("%s is in no row of the shipped table", m.name)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("methods are %q, want %q", got, tt.want)
			}
		})
	}
}
