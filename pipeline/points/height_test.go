package points

import (
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
)

// The reference of methods.md 4.4: −15 °C at 180 m are −14.61 °C at 120 m.
func TestReadingsAreMadeThoseOfTheAreasHeight(t *testing.T) {
	read := func() (*Readings, []Weights) {
		r := NewReadings(hour.DistantFuture, 1<<20, true)
		add(t, r,
			row{id: "p", lat: 50.5, lon: 30.5, height: 180, temp: -15, wind: 20},
			row{id: "q", lat: 50.5, lon: 31.5, temp: -3, at: 1},
			row{id: "q", lat: 50.5, lon: 31.5, height: 100, temp: -4})
		w, err := r.ByBoundaries(boundaries(t), Rule{Method: "nearest"})
		if err != nil {
			t.Fatal(err)
		}
		return r, w
	}
	r, w := read()
	if err := (Lapse{KPerKM: 6.5, HeightM: map[area.ID]float64{"A": 120, "B": 300, "unknown": 1}}).Correct(w); err != nil {
		t.Fatal(err)
	}
	equal(t, "corrected", made(t, r, w), "A 0 -14.61 wind_kmh=20", "B 0 -5.3", "B 1 -4.3")

	r, w = read()
	if err := (Lapse{}).Correct(w); err != nil {
		t.Fatal(err)
	}
	equal(t, "not asked for", made(t, r, w), "A 0 -15 wind_kmh=20", "B 0 -4", "B 1 -3")
}

func TestACorrectionNeedsAllHeights(t *testing.T) {
	r := NewReadings(hour.DistantFuture, 1<<20, true)
	add(t, r, row{id: "p", lat: 50.5, lon: 30.5, height: 180, temp: -15}, row{id: "q", lat: 50.5, lon: 31.5, temp: -3})
	w, err := r.ByBoundaries(boundaries(t), Rule{Method: "nearest"})
	if err != nil {
		t.Fatal(err)
	}
	if err := (Lapse{KPerKM: 6.5, HeightM: map[area.ID]float64{"A": 120, "B": 120}}).Correct(w); err != errNoHeight {
		t.Errorf("a point without a height: %v", err)
	}
	err = Lapse{KPerKM: 6.5, HeightM: map[area.ID]float64{"A": 120}}.Correct(w)
	if want := "areas without a height, which the correction for it needs (area_elev_m): B"; err == nil || err.Error() != want {
		t.Errorf("an area without a height: %v", err)
	}
}
