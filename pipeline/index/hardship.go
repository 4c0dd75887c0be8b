package index

import "hardship/pipeline/unit"

// DefaultPersonsPerCustomer stands for the people behind one customer where an
// area does not say: a declared guess of the project.
const DefaultPersonsPerCustomer = 2.4

// PersonHours returns the person-hours behind customer-hours, at most those of
// all people over the hours (methods.md 8.1). A population of 0 is unknown and
// caps nothing.
func PersonHours(ch unit.CustomerHours, personsPerCustomer float64, population int64, hours float64) unit.PersonHours {
	ph := unit.PersonHours(float64(ch) * personsPerCustomer)
	if population > 0 {
		ph = min(ph, unit.PersonHours(float64(population)*hours))
	}
	return ph
}

// Classes are the levels of hardship: 1 to 5.
const Classes = 5

// classLevels say from what on a household is in the classes 2 to 5: hours of a
// day without power, or an hour of it indoors below a temperature. They are the
// project's own; 18 °C is the safe minimum that the WHO proposed in 2018, 5 °C
// the risk that pipes freeze.
var classLevels = [Classes - 1]struct {
	offHours float64
	below    unit.Celsius
}{{4, 18}, {8, 16}, {12, 12}, {20, 5}}

// ClassLimits are the indoor temperatures of the classes 2 to 5.
var ClassLimits = [Classes - 1]unit.Celsius{classLevels[0].below, classLevels[1].below, classLevels[2].below, classLevels[3].below}

// HouseholdClass returns the class of a household's day, from hours without
// power and the hours indoors below each of ClassLimits (methods.md 8.4): the
// highest that either reaches. A project index, not one of JIAF or IPC.
func HouseholdClass(offHours float64, below [Classes - 1]float64) int {
	class := 1
	for i, level := range classLevels {
		if offHours >= level.offHours || below[i] >= 1 {
			class = i + 2
		}
	}
	return class
}

// leastShare of the people makes a class that of their area.
const leastShare = 0.20

// AreaClass returns the class of an area whose people are in the classes 1 to 5
// by these shares: the highest k such that a fifth or more are in k or above
// (methods.md 8.4). Shares that do not add up to 1 leave the rest unknown and
// below every class.
func AreaClass(shares [Classes]float64) int {
	above := 0.0
	for k := Classes; k > 1; k-- {
		above += shares[k-1]
		if above >= leastShare-1e-12 { // sums of shares such as a tenth and a tenth
			return k
		}
	}
	return 1
}
