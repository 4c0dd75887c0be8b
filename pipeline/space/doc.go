// Package space makes temperatures of areas from temperatures of points
// (methods.md 4.4). Bytes and numbers go in, numbers come out: it opens no file
// and reads no clock.
//
//  1. Read takes the boundaries of areas from GeoJSON. Missing tells which areas
//     of a list they lack: a caller refuses such a file, or a country would
//     silently lose an oblast.
//  2. Locate names the area that holds a point, for stations and for strikes.
//  3. GridWeights says how much of each area lies in each cell of a grid, and
//     AreaWeights.Mean applies that to one time's field.
//  4. InverseDistance weighs the stations near a point, where there is no grid,
//     and Mean applies that to their readings.
//
// Longitudes and latitudes are WGS84 degrees, east and north positive. Areas and
// distances are of a sphere of EarthRadius. An edge of a boundary is straight in
// longitude and latitude, as GeoJSON has it (RFC 7946, 3.1.1): between two points
// of one parallel it follows the parallel, not the great circle.
//
// A missing reading is NaN; it leaves both sums of a mean, and a mean of which
// too little is present is NaN (MinCoverage).
//
// Coordinates stay inside. No output of hardship holds the position of a
// station, cell, strike or boundary: callers write area codes, weights and
// coverage only, and no error of this package quotes a coordinate.
package space

import "math"

// EarthRadius is the mean radius of the Earth (2a+b)/3 of WGS84, in km.
const EarthRadius = 6371.0088

const radian = math.Pi / 180 // of one degree

// A sum adds with compensation (Neumaier), in the order given.
type sum struct{ total, lost float64 }

func (s *sum) add(v float64) {
	t := s.total + v
	if math.Abs(s.total) >= math.Abs(v) {
		s.lost += (s.total - t) + v
	} else {
		s.lost += (v - t) + s.total
	}
	s.total = t
}

func (s *sum) value() float64 { return s.total + s.lost }
