package points

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/unit"
)

// A Lapse corrects the readings of points for the difference between their
// height and that of the area (methods.md 4.4). Air is mostly colder higher up;
// in deep frost low ground is often the colder, and the correction then makes a
// mean worse. It is made only where it is asked for.
type Lapse struct {
	KPerKM  float64             // by which air is colder higher up; 0 for no correction
	HeightM map[area.ID]float64 // mean height of areas above the sea
}

// String is the correction in words.
func (l Lapse) String() string {
	if l.KPerKM == 0 {
		return "no correction for height"
	}
	return fmt.Sprintf("each reading made %v K warmer for each km that its point is higher than the area", l.KPerKM)
}

// Correct has the readings of weighed points corrected:
//
//	T at the height of the area = T + KPerKM (height of point − height of area) / 1000
//
// A point or an area without a height is an error; areas are named in it.
func (l Lapse) Correct(weights []Weights) error {
	if l.KPerKM == 0 {
		return nil
	}
	var without []string
	for i := range weights {
		w := &weights[i]
		height, ok := l.HeightM[w.Area]
		if !ok {
			without = append(without, string(w.Area))
			continue
		}
		for k := range w.points {
			p := w.points[k].point
			switch {
			case p == nil:
				continue
			case math.IsNaN(p.height):
				return errNoHeight
			}
			w.points[k].warmer = unit.Celsius(l.KPerKM * (p.height - height) / 1000)
		}
	}
	if without != nil {
		return fmt.Errorf("areas without a height, which the correction for it needs (area_elev_m): %s", strings.Join(without, ", "))
	}
	return nil
}

var errNoHeight = errors.New("a point has no point_elev_m, which the correction for height needs")
