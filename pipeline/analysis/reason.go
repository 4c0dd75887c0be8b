package analysis

import (
	"errors"
	"fmt"
	"strings"

	"hardship/pipeline/correlate"
	"hardship/pipeline/regress"
)

// A Reason is the code of why a finding has no number, or says less than it
// seems to: the column reason_code of the tables. `hardship explain` has a page
// for each.
type Reason string

// The reasons. M01 is of the data, M02 of the fit, M03 of the uncertainty; M04
// marks results that are there.
const (
	FewDays        Reason = "M0101" // too few days are known
	DoesNotVary    Reason = "M0102" // a series does not vary
	NoEvents       Reason = "M0103" // the outcome is zero throughout
	NotCounts      Reason = "M0104" // values that the family cannot have
	NoContrast     Reason = "M0105" // no days, or too few, on one side of the comparison
	OtherCountry   Reason = "M0106" // the series are of another country
	OutsideSeasons Reason = "M0107" // the day of the interruption lies in no winter
	FewEvents      Reason = "M0108" // too few events to lay over each other
	NoBasePeriod   Reason = "M0109" // no climate to set days against
	Changed        Reason = "M0110" // what a series counts changed among the days

	Collinear    Reason = "M0201" // a column repeats others
	Separated    Reason = "M0202" // the estimate is infinite
	NotConverged Reason = "M0203"
	TooLarge     Reason = "M0204" // too large to compute
	NeedsEffects Reason = "M0205" // needs effects that the fit leaves out
	OutsideRange Reason = "M0206" // outside the observed range

	FewAreas     Reason = "M0301" // fewer areas than may be pooled
	FewClusters  Reason = "M0302" // too few areas to be clusters
	FewEffective Reason = "M0303" // days so alike that too few count
	FewShifts    Reason = "M0304" // too few shifts for a test

	FewForInterval Reason = "M0305" // too few days for an interval

	NotWhole         Reason = "M0401" // sums, not counts: no likelihood
	NotOverdispersed Reason = "M0402" // the negative binomial came out Poisson
	ThetaUncertain   Reason = "M0403"
	LeftOut          Reason = "M0404" // days or levels that say nothing were left out
	Resembles        Reason = "M0405" // a series resembles its own past
	Misleads         Reason = "M0406" // the method misses its aim where the truth is known
	OverChange       Reason = "M0407" // what a series counts changed among the days fitted
)

// reasons of the errors that a computation gives.
var reasons = []struct {
	err    error
	reason Reason
}{
	{regress.ErrTooFew, FewDays},
	{regress.ErrNoEvents, NoEvents},
	{regress.ErrZeroVariance, DoesNotVary},
	{regress.ErrNegative, NotCounts},
	{regress.ErrNotWhole, NotWhole},
	{regress.ErrNotFinite, NotCounts},
	{regress.ErrNotConverged, NotConverged},
	{regress.ErrAliased, Collinear},
	{regress.ErrSeparated, Separated},
	{regress.ErrNoOverdispersion, NotOverdispersed},
	{regress.ErrThetaUncertain, ThetaUncertain},
	{regress.ErrNoExposure, LeftOut},
	{regress.ErrUninformative, LeftOut},
	{regress.ErrFewClusters, FewClusters},
	{regress.ErrTooLarge, TooLarge},
	{regress.ErrAbsorbed, NeedsEffects},
	{regress.ErrOutsideRange, OutsideRange},
	{regress.ErrNotNested, NeedsEffects},
	{regress.ErrNotPoisson, NotCounts},
	{correlate.ErrTooFew, FewDays},
	{correlate.ErrZeroVariance, DoesNotVary},
	{correlate.ErrFewEffective, FewEffective},
	{correlate.ErrNotFinite, NotCounts},
	{correlate.ErrFewShifts, FewShifts},
	{correlate.ErrUndefined, DoesNotVary},
}

// why is a reason with its words; the zero value is none.
type why struct {
	code  Reason
	words string
}

func because(code Reason, format string, args ...any) why {
	return why{code, fmt.Sprintf(format, args...)}
}

// whyOf returns the reason that an error stands for. It panics for an error that
// is not of package regress or correlate: those are mistakes of the program.
func whyOf(err error) why {
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return why{r.reason, err.Error()}
		}
	}
	panic(fmt.Sprintf("analysis: no reason for %v", err))
}

// A Warning is one of those that a cell of the column warnings lists.
type Warning struct {
	Code  Reason
	Words string
}

// Warnings takes the column warnings apart. Words may themselves hold a semicolon: a
// warning begins with its code.
func Warnings(cell string) []Warning {
	var list []Warning
	for _, part := range strings.Split(cell, "; ") {
		code, words, _ := strings.Cut(part, " ")
		if len(code) == len("M0101") && code[0] == 'M' && strings.Trim(code[1:], "0123456789") == "" {
			list = append(list, Warning{Reason(code), words})
		} else if len(list) > 0 {
			list[len(list)-1].Words += "; " + part
		}
	}
	return list
}
