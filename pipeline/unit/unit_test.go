package unit

import (
	"math"
	"testing"
)

// The fixed points are those that define the scales, the crossing of
// Fahrenheit and Celsius, and the international mile and nautical mile.
func TestConversions(t *testing.T) {
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"water freezes at 32 °F", float64(Fahrenheit(32)), 0},
		{"water boils at 212 °F", float64(Fahrenheit(212)), 100},
		{"-40 is the same on both scales", float64(Fahrenheit(-40)), -40},
		{"273.15 K is 0 °C", float64(Kelvin(273.15)), 0},
		{"nothing is colder than 0 K", float64(Kelvin(0)), -273.15},
		{"10 m/s is 36 km/h", float64(MetresPerSecond(10)), 36},
		{"1 kn is 1.852 km/h", float64(Knots(1)), 1.852},
		{"1 mph is 1.609344 km/h", float64(MilesPerHour(1)), 1.609344},
	} {
		if math.Abs(tt.got-tt.want) > 1e-12*max(1, math.Abs(tt.want)) {
			t.Errorf("%s: got %v", tt.name, tt.got)
		}
	}
}

func TestOnlyTheMissingValueIsMissing(t *testing.T) {
	if !IsMissing(Missing[Celsius]()) {
		t.Error("the missing value is not missing")
	}
	for _, v := range []Celsius{0, -90, Celsius(math.Inf(1))} {
		if IsMissing(v) {
			t.Errorf("%v is missing", v)
		}
	}
}
