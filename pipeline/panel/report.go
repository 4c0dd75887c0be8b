package panel

import (
	"cmp"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// report is one news report; it joins nothing.
type report struct {
	source  string
	area    area.ID
	date    hour.Day
	story   string
	uaActor bool
	outlets int32
}

func (in *Inputs) addReports(t *table.Table) {
	ids, sources, areas, dates, stories := t.String("report_id"), t.String("source_id"), t.String("area_id"), t.Date("date_local"), t.String("story")
	actors, outlets, seen, retracted := t.Bool("ua_actor"), t.Int32("outlets"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	for row := range t.Rows() {
		date := table.Day(dates, row)
		if _, ok := in.known(table.Instant(seen, row), seen.IsValid(row), hour.Instant(date)*24*hour.InstantsInHour); !ok || retracted.Value(row) {
			continue
		}
		r := report{source: strings.Clone(sources.Value(row)), area: area.ID(strings.Clone(areas.Value(row))), date: date, story: strings.Clone(ids.Value(row))}
		if stories.IsValid(row) {
			r.story = strings.Clone(stories.Value(row))
		}
		r.uaActor = actors.IsValid(row) && actors.Value(row)
		if outlets.IsValid(row) {
			r.outlets = outlets.Value(row)
		}
		in.reports = append(in.reports, r)
	}
}

// Reports counts the news reports by area and day: distinct stories, since one
// report is often placed in several towns (methods.md 7.2). It stays a table
// of its own and enters no strike count, bound or model.
func (in *Inputs) Reports(rules gate.Rules) *table.Table {
	list := slices.Clone(in.reports)
	slices.SortFunc(list, func(a, b report) int {
		return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(a.date, b.date), cmp.Compare(a.story, b.story))
	})
	b := table.NewBuilder(table.EnergyReport)
	for i := 0; i < len(list); {
		first := list[i]
		var count, actor, outlets int32
		for ; i < len(list) && list[i].area == first.area && list[i].date == first.date; i++ {
			if i > 0 && list[i-1].area == first.area && list[i-1].date == first.date && list[i-1].story == list[i].story {
				continue
			}
			count++
			outlets += list[i].outlets
			if list[i].uaActor {
				actor++
			}
		}
		a, ok := rules.Gazetteer.Get(first.area)
		if !ok || rules.Suppressed(a) != "" || first.date < in.settings.First || first.date >= in.settings.End || first.date > rules.LastDay(a, false) {
			continue
		}
		b.Row()
		b.String("area_id", string(first.area))
		b.Date("date_local", first.date)
		b.Int32("reports", count)
		b.Int32("reports_ua_actor", actor)
		b.Int32("sources", outlets)
	}
	return b.Table()
}
