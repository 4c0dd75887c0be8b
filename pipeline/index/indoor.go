package index

import (
	"math"

	"hardship/pipeline/unit"
)

// A Home is a dwelling as one node of heat: what it stores against what it
// loses (methods.md 8.2). Its figures are scenarios, never measurements.
type Home struct {
	TimeConstant float64      // hours in which an unheated home loses 63 % of its lead over equilibrium
	Gain         unit.Celsius // by which people and appliances keep it above the air outside
	SetPoint     unit.Celsius // to which heating brings it
	Warming      float64      // time constant of heating, in hours
}

// TimeConstant returns the hours τ = C/(3600·H/1000) of a home that stores
// capacity kJ/(m²K) and loses loss W/(m²K), both by floor area.
func TimeConstant(capacity, loss float64) float64 { return capacity * 1000 / loss / 3600 }

// equilibrium returns where the indoor temperature tends to, and in which time.
func (h Home) equilibrium(outside unit.Celsius, heated bool) (unit.Celsius, float64) {
	if heated {
		return h.SetPoint, h.Warming
	}
	return outside + h.Gain, h.TimeConstant
}

// After returns the indoor temperature that begins as inside after hours, with
// the air outside at a constant temperature, heated or not:
//
//	T₊ = T_eq + (T − T_eq)·e^(−Δt/τ)
//
// the exact solution of dT/dt = (T_eq − T)/τ. T_eq is the air outside plus the
// gain or, heated, the set-point.
func (h Home) After(inside, outside unit.Celsius, heated bool, hours float64) unit.Celsius {
	equilibrium, tau := h.equilibrium(outside, heated)
	return equilibrium + (inside-equilibrium)*unit.Celsius(math.Exp(-hours/tau))
}

// Until returns the hours after which the indoor temperature that begins as
// inside comes to limit, NaN if it never does, as when limit lies beyond the
// equilibrium:
//
//	τ·ln((T − T_eq)/(θ − T_eq))
func (h Home) Until(inside, outside unit.Celsius, heated bool, limit unit.Celsius) float64 {
	equilibrium, tau := h.equilibrium(outside, heated)
	ratio := float64((inside - equilibrium) / (limit - equilibrium))
	if !(ratio >= 1) || math.IsInf(ratio, 0) { // on the other side, further off, or never
		return math.NaN()
	}
	return tau * math.Log(ratio)
}

// Below returns for how many of the hours the indoor temperature lies below
// limit. It changes one way only while nothing outside does.
func (h Home) Below(inside, outside unit.Celsius, heated bool, hours float64, limit unit.Celsius) float64 {
	end := h.After(inside, outside, heated, hours)
	switch {
	case inside < limit && end < limit:
		return hours
	case inside >= limit && end >= limit:
		return 0
	}
	crossing := min(max(h.Until(inside, outside, heated, limit), 0), hours)
	if inside < limit {
		return crossing
	}
	return hours - crossing
}

// DegreeHoursBelow returns how long and how far the indoor temperature lies
// below limit over hours: the exact integral of max(0, limit − T).
func (h Home) DegreeHoursBelow(inside, outside unit.Celsius, heated bool, hours float64, limit unit.Celsius) unit.DegreeHours {
	below := h.Below(inside, outside, heated, hours, limit)
	if below == 0 {
		return 0
	}
	from := inside
	if inside >= limit { // it falls below the limit on the way
		from = h.After(inside, outside, heated, hours-below)
	}
	equilibrium, tau := h.equilibrium(outside, heated)
	// ∫ (limit − T_eq) − (T − T_eq)·e^(−t/τ)
	return unit.DegreeHours(float64(limit-equilibrium)*below - float64(from-equilibrium)*tau*-math.Expm1(-below/tau))
}

// Through returns the bounds of a home's temperature after a stretch of hours, of
// which a share between off.Lo and off.Hi, at any times of it, is without power
// and heating, and the bounds of the lowest temperature on the way.
//
// Of two homes the one that begins colder stays so, and a home is the colder the
// longer and the later it is without heating. So the coldest end has all of the
// possible time off at the end of the stretch, and the lowest temperature all of
// it at the beginning; the warmest has only the certain time, at the beginning.
// This holds while neither the home nor its equilibrium is above the set-point: a
// warmer air outside counts as one that keeps it there.
func (h Home) Through(inside unit.Bounds[unit.Celsius], outside unit.Celsius, hours float64, off unit.Bounds[float64]) (end, lowest unit.Bounds[unit.Celsius]) {
	outside = min(outside, h.SetPoint-h.Gain)
	end.Lo = h.After(h.After(inside.Lo, outside, true, (1-off.Hi)*hours), outside, false, off.Hi*hours)
	end.Hi = h.After(h.After(inside.Hi, outside, false, off.Lo*hours), outside, true, (1-off.Lo)*hours)
	lowest.Lo = min(inside.Lo, h.After(inside.Lo, outside, false, off.Hi*hours))
	lowest.Hi = min(inside.Hi, end.Hi)
	return end, lowest
}

// ThroughBelow returns the bounds of the hours below limit of the same stretch:
// those of the coldest and the warmest temperature that each moment can have. At
// a moment after more than the possible time off the coldest home was heated
// first and then off for all of it; the warmest is off, from the beginning, for
// no more than must be behind it.
func (h Home) ThroughBelow(inside unit.Bounds[unit.Celsius], outside unit.Celsius, hours float64, off unit.Bounds[float64], limit unit.Celsius) unit.Bounds[float64] {
	outside = min(outside, h.SetPoint-h.Gain)
	// before returns the temperature that comes to limit after a time.
	before := func(heated bool, hours float64) unit.Celsius {
		equilibrium, tau := h.equilibrium(outside, heated)
		return equilibrium + (limit-equilibrium)*unit.Celsius(math.Exp(hours/tau))
	}
	longest, shortest := off.Hi*hours, off.Lo*hours
	return unit.Bounds[float64]{
		Lo: h.Below(inside.Hi, outside, true, hours-shortest, limit) + h.Below(inside.Hi, outside, false, shortest, before(true, hours-shortest)),
		Hi: h.Below(inside.Lo, outside, false, longest, limit) + h.Below(inside.Lo, outside, true, hours-longest, before(false, longest)),
	}
}
