// Package unit holds the quantities of the project as types, so that swapped
// arguments do not compile, and the conversions that tidy a source's unit
// once, at the edge.
package unit

import "math"

type (
	// Celsius is a temperature, or a difference of two, in degrees Celsius.
	Celsius float64
	// KilometresPerHour is a wind speed.
	KilometresPerHour float64
	// DegreeHours is a sum of hourly differences from a base, in °C·h (K·h).
	DegreeHours float64
	// DegreeDays is a sum of daily differences from a base, in °C·d (K·d).
	DegreeDays float64
	// CustomerHours is a number of customers times the hours they were without
	// supply.
	CustomerHours float64
	// PersonHours is a number of people times the hours they were without.
	PersonHours float64
)

// Bounds encloses a quantity that depends on something unknown: it lies in
// [Lo, Hi].
type Bounds[T ~float64 | ~int32 | ~int64] struct{ Lo, Hi T }

// Fahrenheit returns the Celsius value of t °F.
func Fahrenheit(t float64) Celsius { return Celsius((t - 32) / 1.8) }

// Kelvin returns the Celsius value of t K.
func Kelvin(t float64) Celsius { return Celsius(t - 273.15) }

// MetresPerSecond returns the speed of v m/s.
func MetresPerSecond(v float64) KilometresPerHour { return KilometresPerHour(v * 3.6) }

// Knots returns the speed of v kn, of 1852 m/h each (the international nautical
// mile).
func Knots(v float64) KilometresPerHour { return KilometresPerHour(v * 1.852) }

// MilesPerHour returns the speed of v mph, of 1609.344 m/h each (the
// international mile).
func MilesPerHour(v float64) KilometresPerHour { return KilometresPerHour(v * 1.609344) }

// Missing is the value of an hour without a reading in dense arrays.
func Missing[T ~float64]() T { return T(math.NaN()) }

// IsMissing reports whether v is such an hour.
func IsMissing[T ~float64](v T) bool { return v != v }
