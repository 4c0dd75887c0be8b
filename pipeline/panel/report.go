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

// report is one version of one news report; it joins nothing.
type report struct {
	vintage
	id      string
	area    area.ID
	date    hour.Day
	story   string // shared by repeats of one report
	uaActor bool
	outlets int32
}

func (in *Inputs) addReports(t *table.Table) error {
	ids, areas, dates, stories := t.String("report_id"), t.String("area_id"), t.Date("date_local"), t.String("story")
	actors, outlets := t.Bool("ua_actor"), t.Int32("outlets")
	vintages := in.vintagesOf(t)
	for row := range t.Rows() {
		a, err := in.area(areas.Value(row))
		if err != nil {
			return err
		}
		r := report{area: a.id, date: table.Day(dates, row)}
		if r.vintage = vintages.at(row, hour.Instant(r.date)*24*hour.InstantsInHour); r.known() > in.settings.AsOf {
			continue
		}
		r.id = strings.Clone(ids.Value(row))
		r.story = r.id
		if stories.IsValid(row) {
			r.story = in.words.of(stories.Value(row))
		}
		r.uaActor = actors.IsValid(row) && actors.Value(row)
		if outlets.IsValid(row) {
			r.outlets = outlets.Value(row)
		}
		in.reports = append(in.reports, r)
	}
	return nil
}

// Reports counts the news reports by area and day: distinct stories, since one
// report is often placed in several towns (methods.md 7.2). Of the rows of one
// story the most outlets count. It stays a table of its own and enters no
// strike count, bound or model.
func (in *Inputs) Reports(rules gate.Rules) *table.Table {
	list := lastVersions(in.reports, in.settings.AsOf, func(r *report) string { return r.id })
	slices.SortFunc(list, func(a, b *report) int {
		return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(a.date, b.date), strings.Compare(a.story, b.story), strings.Compare(a.id, b.id))
	})
	b := table.NewBuilder(table.EnergyReport)
	for len(list) > 0 {
		first := list[0]
		var stories, actor, outlets int32
		for len(list) > 0 && list[0].area == first.area && list[0].date == first.date {
			story := *list[0]
			for ; len(list) > 0 && list[0].area == story.area && list[0].date == story.date && list[0].story == story.story; list = list[1:] {
				story.outlets = max(story.outlets, list[0].outlets)
				story.uaActor = story.uaActor || list[0].uaActor
			}
			stories++
			outlets += story.outlets
			if story.uaActor {
				actor++
			}
		}
		a, ok := rules.Gazetteer.Get(first.area)
		if !ok || unpublished(rules, a) != "" || !in.settings.published(a) || !in.settings.period(a.ID).holds(first.date) || first.date > rules.LastDay(a, false) {
			continue
		}
		b.Row()
		b.String("area_id", string(first.area))
		b.Date("date_local", first.date)
		b.Int32("reports", stories)
		b.Int32("reports_ua_actor", actor)
		b.Int32("sources", outlets)
	}
	return b.Table()
}
