package report

import (
	"fmt"
	"math"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// A headline is one number that a reader takes away, with what it rests on.
type headline struct {
	ID        string
	Value     string // as printed
	Label     string
	Rests     string // how much is known, and what it is not
	Source    string // table.column
	Area      area.ID
	Lo, Hi    float64 // equal where there is no range
	Unit      string
	On        *hour.Day // nil where it is of several days
	Known     int
	Expected  int
	CountedIn string
}

// headlines returns up to four numbers on the first area and the country; one
// that nothing is known of is left out.
func (r *reading) headlines() []headline {
	var out []headline
	for _, h := range []*headline{r.coldest(), r.coldSpells(), r.largestNight(), r.longestOutage()} {
		if h != nil {
			out = append(out, *h)
		}
	}
	return out
}

func (r *reading) headlineSection() section {
	s := section{ID: "in-short", Level: 2, Title: "In short: " + r.window()}
	if len(r.focus) > 0 {
		s.Title = fmt.Sprintf("In short: %s, %s", r.focus[0].Name(), r.window())
	}
	cards := r.headlines()
	if len(cards) == 0 {
		s.Blocks = []block{paragraph(say("Nothing is known of these days: neither a temperature nor an outage nor a bulletin."))}
		return s
	}
	s.Blocks = []block{{Cards: cards}}
	if r.chosen {
		s.Blocks = append(s.Blocks, paragraph(say("No days were asked for: these are %d round the coldest.", r.days())))
	}
	return s
}

func (r *reading) ofDays(n int) string {
	return fmt.Sprintf("%d of %s known", n, count(r.days(), "day", "days"))
}

func (r *reading) coldest() *headline {
	if len(r.focus) == 0 {
		return nil
	}
	a := r.focus[0]
	tmin := r.daily("tmin_c", a.ID, r.first, r.end)
	i := least(tmin)
	if i < 0 {
		return nil
	}
	on := r.first + hour.Day(i)
	return &headline{
		ID: "lowest_temperature", Value: quantity(tmin[i], 1, "°C"), Label: "lowest temperature, on " + dateOf(on), Rests: r.ofDays(known(tmin)),
		Source: sourceOf(table.AreaDay, "tmin_c"), Area: a.ID, Lo: tmin[i], Hi: tmin[i], Unit: "°C", On: &on,
		Known: known(tmin), Expected: r.days(), CountedIn: "days",
	}
}

func (r *reading) coldSpells() *headline {
	if len(r.focus) == 0 || r.rule == nil {
		return nil
	}
	a := r.focus[0]
	tmean := r.daily("tmean_c", a.ID, r.first, r.end)
	if known(tmean) == 0 {
		return nil
	}
	spells := r.spells(a.ID)
	days, open := 0, false
	var when []string
	for _, s := range spells {
		days += s.days
		open = open || s.open
		when = append(when, datesOf(s.first, s.last))
	}
	h := &headline{
		ID: "cold_spell_days", Value: quantity(float64(days), 0, "d"), Rests: fmt.Sprintf("%s; %s", r.rule, r.ofDays(known(tmean))),
		Source: sourceOf(table.ColdSpell, "days"), Area: a.ID, Lo: float64(days), Hi: float64(days), Unit: "d",
		Known: known(tmean), Expected: r.days(), CountedIn: "days",
	}
	if len(spells) == 0 {
		h.Value, h.Label = "none", "no cold spell among the days known"
		return h
	}
	h.Label = fmt.Sprintf("in %s: %s", count(len(spells), "cold spell", "cold spells"), list(when))
	if open {
		h.Label += ", or longer"
		h.Hi = math.NaN()
	}
	return h
}

func (r *reading) largestNight() *headline {
	if r.country == nil {
		return nil
	}
	launched := r.nightly("launched", r.country.ID, "all")
	i := greatest(launched)
	if i < 0 {
		return nil
	}
	on := r.first + hour.Day(i)
	when := "in the night to"
	if r.part == "date" {
		when = "on"
	}
	return &headline{
		ID: "largest_night", Value: tidy(launched[i], 0),
		Label: fmt.Sprintf("munitions launched at all of %s %s %s, the most of any %s shown", r.country.Name(), when, dateOf(on), r.each()),
		Rests: fmt.Sprintf("%d of %s with a number stated", known(launched), r.nights(r.days())), Source: sourceOf(table.StrikeNight, "launched"),
		Area: r.country.ID, Lo: launched[i], Hi: launched[i], Unit: "munitions", On: &on, Known: known(launched), Expected: r.days(), CountedIn: r.each() + "s",
	}
}

// longestOutage is the day with the most hours announced for certain, or the most
// customer-hours recorded.
func (r *reading) longestOutage() *headline {
	if len(r.focus) == 0 {
		return nil
	}
	a := r.focus[0]
	o := r.outages(a.ID)
	i := greatest(o.lo)
	if i < 0 {
		return nil
	}
	on := r.first + hour.Day(i)
	h := &headline{
		ID: "most_announced", Unit: "h", Label: "announced without power on " + dateOf(on) + ", the most of any day shown",
		Rests: r.ofDays(known(o.lo)), Source: sourceOf(table.AreaDay, "sched_off_h_lo"),
	}
	decimals := 1
	if o.recorded {
		decimals = 0
		h.ID, h.Unit, h.Source = "most_customer_hours", "customer·h", sourceOf(table.AreaDay, "out_ch_lo")
		h.Label = "customer-hours without power on " + dateOf(on) + ", the most of any day shown"
		h.Value = bounds(o.lo[i], o.hi[i], decimals)
	} else {
		h.Value = bounds(o.lo[i], o.hi[i], decimals) + thin + "h"
		if !math.IsNaN(o.seen[i]) && !math.IsNaN(o.known[i]) {
			h.Rests = fmt.Sprintf("%s of %s queues; %s; announced, not observed", tidy(o.seen[i], 0), tidy(o.known[i], 0), h.Rests)
		}
	}
	h.Area, h.Lo, h.Hi, h.On, h.Known, h.Expected, h.CountedIn = a.ID, o.lo[i], o.hi[i], &on, known(o.lo), r.days(), "days"
	return h
}

// title is the title given, or one of what the tables hold.
func (r *reading) title() string {
	if clean(r.Title) != "" {
		return r.Title
	}
	return "Cold and power outages"
}

// meta is the line under the title.
func (r *reading) meta() text {
	line := datesOf(r.First, r.End-1)
	if n := len(r.areas()); n > 0 {
		line += " · " + count(n, "area", "areas")
		if r.country != nil {
			line += " of " + r.country.Name()
		}
	}
	for _, a := range r.apart() {
		line += " · beside them " + a.Name()
	}
	line += " · data as of " + momentOf(r.AsOf)
	if r.Version != "" {
		line += " · hardship " + r.Version
	}
	return text{{Text: line}}
}

func (r *reading) foot() text {
	return join(say("Numbers in the text are rounded for reading; the tables hold them in full. Null is unknown and zero is an observed zero. "),
		say("Where it all comes from: "), link("manifest.json", "../manifest.json"), say(", "), link("README.md", "../README.md"), say("."))
}
