package space

import (
	"cmp"
	"slices"

	"hardship/pipeline/unit"
)

// Limits of the interpolation of stations (methods.md 4.4).
const (
	MaxStationKM = 100
	MaxStations  = 8
)

// A Point is a place on the Earth, in degrees east and north.
type Point struct{ Lon, Lat float64 }

// A StationWeight says what a station counts at a point.
type StationWeight struct {
	Station int     // its index in the list given
	KM      float64 // great-circle distance from the point
	Weight  float64 // those of a point sum to 1
}

// InverseDistance returns the weights of stations at a point, nearest first
// (methods.md 4.4):
//
//	w ∝ 1/d²  of the nearest MaxStations stations with d ≤ MaxStationKM
//
// A station at the point itself has all the weight, several share it. Equally
// far stations come in the order given. There are no weights where no station is
// near enough; a station or point without a position (NaN) is never near.
//
// Weights do not depend on who reports in an hour: Mean does without the missing
// ones, and gives up the hour when the others are too few. Else the mean of one
// place would jump with the set of its stations.
func InverseDistance(to Point, stations []Point) []StationWeight {
	var nearest []StationWeight
	for i, s := range stations {
		km := Distance(to.Lon, to.Lat, s.Lon, s.Lat)
		if !(km <= MaxStationKM) {
			continue
		}
		at, _ := slices.BinarySearchFunc(nearest, km, func(w StationWeight, km float64) int {
			if w.KM <= km { // an equal one came earlier
				return -1
			}
			return cmp.Compare(w.KM, km)
		})
		if at < MaxStations {
			nearest = slices.Insert(nearest[:min(len(nearest), MaxStations-1)], at, StationWeight{Station: i, KM: km})
		}
	}
	var total sum
	for i := range nearest {
		w := &nearest[i]
		switch {
		case w.KM == 0:
			w.Weight = 1
		default: // in units of the nearest distance, so that the square cannot overflow
			ratio := nearest[0].KM / w.KM
			w.Weight = ratio * ratio
		}
		total.add(w.Weight)
	}
	// Beside a station at distance 0 the others have the weight 0.
	nearest = slices.DeleteFunc(nearest, func(w StationWeight) bool { return w.Weight == 0 })
	for i := range nearest {
		nearest[i].Weight /= total.value()
	}
	return nearest
}

// LapseRate is the fall of temperature with height, in °C per m.
const LapseRate = 0.0065

// AtElevation returns what a reading at one height, in m above sea level, would
// be at another, warmer toward lower ground by LapseRate (methods.md 4.4). An
// unknown height is NaN and gives NaN.
//
// Nothing here calls it: in inversions, the rule in deep frost, low ground is
// the colder and the correction wrong. A caller that applies it to readings
// before Mean declares so in what it publishes.
func AtElevation(t unit.Celsius, from, to float64) unit.Celsius {
	return t + unit.Celsius(LapseRate*(from-to))
}
