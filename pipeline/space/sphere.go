package space

import (
	"math"

	"github.com/paulmach/orb"
)

// boxKM2 returns the area of the sphere between two meridians and two
// parallels, degrees in, km² out:
//
//	R² · Δλ · (sin φ₂ − sin φ₁)
func boxKM2(west, east, south, north float64) float64 {
	// sin φ₂ − sin φ₁ as a product keeps its digits where the box is small.
	middle, half := (north+south)/2*radian, (north-south)/2*radian
	return EarthRadius * EarthRadius * (east - west) * radian * 2 * math.Cos(middle) * math.Sin(half)
}

// ringKM2 returns the area that a ring encloses on the sphere, in km²: above 0
// if it runs counterclockwise. The ring may be closed or not.
//
//	−R² ∮ sin φ dλ
//
// Along an edge that is straight in longitude and latitude the integral is
// Δλ (cos φ₁ − cos φ₂)/(φ₂ − φ₁).
func ringKM2(ring []orb.Point) float64 {
	if len(ring) == 0 {
		return 0
	}
	var s sum
	a := ring[len(ring)-1]
	for _, b := range ring {
		if a[0] != b[0] {
			// (cos φ₁ − cos φ₂)/(φ₂ − φ₁) = sin m · sin h / h, with m the mean
			// and h half the difference of the latitudes.
			m, h := (a[1]+b[1])/2*radian, (b[1]-a[1])/2*radian
			mean := math.Sin(m)
			if h != 0 {
				mean *= math.Sin(h) / h
			}
			s.add((a[0] - b[0]) * radian * mean)
		}
		a = b
	}
	return EarthRadius * EarthRadius * s.value()
}

// Distance returns the length of the great circle between two points, in km
// (haversine). NaN in gives NaN out.
func Distance(lon1, lat1, lon2, lat2 float64) float64 {
	dLat, dLon := math.Sin((lat2-lat1)/2*radian), math.Sin((lon2-lon1)/2*radian)
	h := dLat*dLat + math.Cos(lat1*radian)*math.Cos(lat2*radian)*dLon*dLon
	return 2 * EarthRadius * math.Asin(math.Sqrt(min(1, h)))
}
