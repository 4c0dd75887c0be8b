package panel

import (
	"cmp"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// What stands beside the join: proxies and figures of context. They join
// nothing and enter no measure.

// proxyDay is one version of one day of a proxy.
type proxyDay struct {
	vintage
	area            area.ID
	proxy           string
	date            hour.Day
	value           float64 // NaN: not seen
	looks, expected int32   // −1: unknown
}

// figure is one version of one figure of context.
type figure struct {
	vintage
	area        area.ID
	measure     string
	first, last hour.Day
	value       float64 // NaN: none
}

func (in *Inputs) addProxies(t *table.Table) error {
	areas, proxies, dates, values := t.String("area_id"), t.String("proxy"), t.Date("date_local"), t.Float64("level_value")
	looks, expected := t.Int32("n_looks"), t.Int32("n_looks_expected")
	vintages := in.vintagesOf(t)
	for row := range t.Rows() {
		a, err := in.area(areas.Value(row))
		if err != nil {
			return err
		}
		p := proxyDay{area: a.id, proxy: in.words.of(proxies.Value(row)), date: table.Day(dates, row), value: unit.Missing[float64](), looks: -1, expected: -1}
		if p.vintage = vintages.at(row, hour.Instant(p.date)*24*hour.InstantsInHour); p.known() > in.settings.AsOf {
			continue
		}
		if values.IsValid(row) {
			p.value = values.Value(row)
		}
		if looks.IsValid(row) {
			p.looks = looks.Value(row)
		}
		if expected.IsValid(row) {
			p.expected = expected.Value(row)
		}
		in.proxies = append(in.proxies, p)
	}
	return nil
}

func (in *Inputs) addContext(t *table.Table) error {
	areas, measures, values := t.String("area_id"), t.String("measure"), t.Float64("figure")
	first, last := t.Date("period_start_date"), t.Date("period_end_date")
	vintages := in.vintagesOf(t)
	for row := range t.Rows() {
		a, err := in.area(areas.Value(row))
		if err != nil {
			return err
		}
		f := figure{area: a.id, measure: in.words.of(measures.Value(row)), first: table.Day(first, row), last: table.Day(last, row), value: unit.Missing[float64]()}
		if f.vintage = vintages.at(row, hour.Instant(f.last)*24*hour.InstantsInHour); f.known() > in.settings.AsOf {
			continue
		}
		if values.IsValid(row) {
			f.value = values.Value(row)
		}
		in.context = append(in.context, f)
	}
	return nil
}

// publishes reports whether rows of an area and a last day may be published at
// all. Where they may not they are left out, as everywhere in the panel; the
// gate would fail the run.
func (in *Inputs) publishes(rules gate.Rules, id area.ID, last hour.Day) bool {
	a, ok := rules.Gazetteer.Get(id)
	return ok && unpublished(rules, a) == "" && in.settings.published(a) && last <= rules.LastDay(a, false)
}

// proxyBaseline is the days before one that it is set against (methods.md 6.7).
const proxyBaseline = 28

// Proxies makes the table proxy_day: every day that was seen, against the 28
// days before it of the same area, proxy and source.
func (in *Inputs) Proxies(rules gate.Rules) *table.Table {
	type series struct {
		area          area.ID
		proxy, source string
	}
	type key struct {
		series
		date hour.Day
	}
	list := lastVersions(in.proxies, in.settings.AsOf, func(p *proxyDay) key { return key{series{p.area, p.proxy, p.source}, p.date} })
	slices.SortFunc(list, func(a, b *proxyDay) int {
		return cmp.Or(strings.Compare(string(a.area), string(b.area)), strings.Compare(a.proxy, b.proxy), strings.Compare(a.source, b.source), cmp.Compare(a.date, b.date))
	})
	b := table.NewBuilder(table.ProxyDay)
	for len(list) > 0 {
		of := series{list[0].area, list[0].proxy, list[0].source}
		n := 1
		for n < len(list) && (series{list[n].area, list[n].proxy, list[n].source}) == of {
			n++
		}
		days := list[:n]
		list = list[n:]
		for i, p := range days {
			if unit.IsMissing(p.value) || !in.settings.period(p.area).holds(p.date) || !in.publishes(rules, p.area, p.date) {
				continue
			}
			var before []float64
			for j := i - 1; j >= 0 && days[j].date >= p.date-proxyBaseline; j-- {
				if !unit.IsMissing(days[j].value) {
					before = append(before, days[j].value)
				}
			}
			z := index.RobustZ(p.value, before)
			b.Row()
			b.String("area_id", string(p.area))
			b.String("proxy", p.proxy)
			b.String("source_id", p.source)
			b.Date("date_local", p.date)
			b.Float64("level_value", p.value)
			table.Optional(b.Int32, "n_looks", p.looks, p.looks >= 0)
			table.Optional(b.Float64, "looks_coverage", quality.Share(int(p.looks), int(p.expected)), p.looks >= 0 && p.expected > 0)
			b.Int32("baseline_known_d", int32(len(before)))
			b.Float64("median_28d", z.Median)
			b.Float64("z_robust", z.Z)
		}
	}
	return b.Table()
}

// Context makes the table context_period: figures of periods that lie in the
// area's own.
func (in *Inputs) Context(rules gate.Rules) *table.Table {
	type key struct {
		area            area.ID
		measure, source string
		first           hour.Day
	}
	list := lastVersions(in.context, in.settings.AsOf, func(f *figure) key { return key{f.area, f.measure, f.source, f.first} })
	b := table.NewBuilder(table.ContextPeriod)
	for _, f := range list {
		if p := in.settings.period(f.area); f.last < p.First || f.first >= p.End || !in.publishes(rules, f.area, f.last) {
			continue
		}
		b.Row()
		b.String("area_id", string(f.area))
		b.String("measure", f.measure)
		b.String("source_id", f.source)
		b.Date("period_start_date", f.first)
		b.Date("period_end_date", f.last)
		b.Float64("figure", f.value)
	}
	return b.Table()
}
