package pause

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// shipped returns the cells of a shipped CSV table, each row by column name.
func shipped(t *testing.T, path ...string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(append([]string{"..", "..", "..", "datasets"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		rows[i] = map[string]string{}
		for c, cell := range line {
			rows[i][lines[0][c]] = cell
		}
	}
	return rows
}

func shippedClaims(t *testing.T) *table.Table {
	t.Helper()
	b := table.NewBuilder(table.Claim)
	for _, row := range shipped(t, "claims", "claim.csv") {
		b.Row()
		for name, cell := range row {
			c, _ := table.Claim.Column(name)
			var err error
			switch {
			case cell == "":
			case c.Type == table.String:
				b.String(name, cell)
			case c.Type == table.Bool:
				b.Bool(name, cell == "true")
			case c.Type == table.Float64:
				var v float64
				v, err = strconv.ParseFloat(cell, 64)
				b.Float64(name, v)
			case c.Type == table.Date:
				var d hour.Day
				d, err = hour.ParseDay(cell)
				b.Date(name, d)
			case c.Type == table.Timestamp:
				var at time.Time
				at, err = time.Parse(time.RFC3339, cell)
				b.Timestamp(name, hour.At(at))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return b.Table()
}

// droneNights are the drones that the Air Force's bulletins give by night, keyed
// by the rule of methods.md 4.2: a window that covers a local midnight is of the
// night of the date it ends, one within a date of the night in which it has more
// than elsewhere, or of none.
func droneNights(t *testing.T, first, last hour.Day) *table.Table {
	t.Helper()
	sums := map[hour.Day]float64{}
	for _, row := range shipped(t, "strikes_missile_attacks", "strike.csv") {
		if row["publisher"] != "kpszsu" || row["weapon"] == "reconnaissance" {
			continue
		}
		start, err := time.Parse(time.RFC3339, row["start_utc"])
		if err != nil {
			t.Fatal(err)
		}
		end, err := time.Parse(time.RFC3339, row["end_utc"])
		if err != nil {
			t.Fatal(err)
		}
		from, to := hour.DayIn(hour.At(start), kyiv), hour.DayIn(hour.At(end)-1, kyiv)
		if to < first || to > last {
			continue
		}
		if from == to {
			clock := func(at time.Time) float64 { return float64(at.In(kyiv).Hour()) + float64(at.Minute())/60 }
			a, b := clock(start), clock(end)
			early, late := max(0, min(b, 9)-a), max(0, b-max(a, 18))
			switch {
			case b-a-early-late >= max(early, late):
				continue
			case late > early:
				to++
			}
		}
		drones := 0.0
		if row["weapon"] == "drone" {
			if drones, err = strconv.ParseFloat(row["launched"], 64); err != nil {
				t.Fatal(err)
			}
		}
		sums[to] += drones
	}
	b := table.NewBuilder(table.StrikeNight)
	for d := first; d <= last; d++ {
		if n, ok := sums[d]; ok {
			nightly(b, "UA", "drone", "night", d, n)
		}
	}
	return b.Table()
}

// methods.md 10, real check: national launches in March 2025 of Shahed-type
// drones, nights keyed by end date, up to 29 March: what the baseline of 28 days
// without wash-out gives. The limits are printed there for z = 1.96; at that width
// they come out to the last digit. The pause was about energy, of which launches
// say nothing: the check takes them as launches.
func TestMarch2025(t *testing.T) {
	nights := droneNights(t, day("2025-02-15"), day("2025-03-29"))
	s := settings()
	s.Baseline = Baseline{28, 0}
	for _, tt := range []struct {
		from                  string
		nights                int
		x1, x0                float64
		rr, phi, adjLo, adjHi float64
	}{
		{"2025-03-18T14:00", 11, 1632, 4190, .9914515, 15.900681, .7892779, 1.2454118},
		{"2025-03-25T12:00", 4, 538, 3969, .9488536, 13.309622, .6831693, 1.3178625},
	} {
		const rest = " to=2025-03-29T12:00 places=UA targets="
		all := results(t, claimed("id=march/all from="+tt.from+rest+"all", "id=march/energy from="+tt.from+rest+"energy"), noDays(), nights, s)
		r := result(t, all, "march/all", "launched_drone")
		if r.Reading.NightsWhole != tt.nights || r.Reading.NightsTouched != tt.nights {
			t.Errorf("%d nights whole, %d touched, want %d", r.Reading.NightsWhole, r.Reading.NightsTouched, tt.nights)
		}
		if r.Observed != (Bounds{tt.x1, tt.x1}) || r.X0 != (Bounds{tt.x0, tt.x0}) || r.T1 != float64(15*tt.nights) || r.T0 != 28*15 {
			t.Errorf("%v in %v h against %v in %v h, want %v in %d nights against %v in 28", r.Observed, r.T1, r.X0, r.T0, tt.x1, tt.nights, tt.x0)
		}
		if !printed(r.RR.Lo, tt.rr, 7) || r.RR.Hi != r.RR.Lo || !printed(r.Phi, tt.phi, 6) {
			t.Errorf("RR %v, φ %v, want %v, %v", r.RR, r.Phi, tt.rr, tt.phi)
		}
		const z95 = 1.959963984540054
		wider := func(limit float64) float64 { return r.RR.Lo * math.Pow(limit/r.RR.Lo, 1.96/z95) }
		if !printed(wider(r.Adjusted.Lo), tt.adjLo, 7) || !printed(wider(r.Adjusted.Hi), tt.adjHi, 7) || r.DecidedBy != adjusted {
			t.Errorf("adjusted interval %v, decided by %s, want with z = 1.96 %v to %v", r.Adjusted, r.DecidedBy, tt.adjLo, tt.adjHi)
		}
		if tt.x1 == 1632 && (!printed(r.Exact.Lo, .936, 3) || !printed(r.Exact.Hi, 1.050, 3)) {
			t.Errorf("Poisson interval %v, want .936 to 1.050", r.Exact)
		}
		if energy := result(t, all, "march/energy", "launched_drone"); energy.Reason != reasonTargets || energy.Observed.Hi >= 0 || energy.RR.Lo >= 0 {
			t.Errorf("a reading of energy alone is given launches: %+v", energy)
		}
		for _, sum := range Summarize(all) {
			if sum.Metric == "launched_drone" && !sum.TargetsUnknown && (sum.Verdict != NoChange || sum.Readings != 1) {
				t.Errorf("launches of drones: %q of %d readings", sum.Verdict, sum.Readings)
			}
			if sum.TargetsUnknown && (sum.Verdict != NotEvaluable || sum.Reasons != "targets unknown (1)") {
				t.Errorf("energy alone: %q, %q", sum.Verdict, sum.Reasons)
			}
		}
	}
}
