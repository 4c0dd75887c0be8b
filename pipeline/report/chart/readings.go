package chart

// Readings shows what was counted in the windows of disputed readings over what
// was expected: a panel a measure, with its verdict, and in it a row for each
// result. All panels share one logarithmic axis on which 1 is no difference.
type Readings struct {
	Frame
	Measure      string // "ratio"
	Interval     string // "95 % interval"
	Basis        string // what N of the rows is: "counted of expected"
	Below, Above string // what lies left and right of 1
	Panels       []ReadingPanel
}

// A ReadingPanel is the results of one measure. A row that is not evaluable may
// stand for several that are so for the same reason.
type ReadingPanel struct {
	Heading string
	Verdict string
	Rows    []EstimateRow // their Group is not used
}

// Scene draws the readings.
func (c Readings) Scene() *Scene {
	e := Estimates{Frame: c.Frame, Measure: c.Measure, Interval: c.Interval, Basis: c.Basis, Reference: 1, Log: true, Decimals: 2, Below: c.Below, Above: c.Above}
	for _, p := range c.Panels {
		for _, row := range p.Rows {
			row.Group = ""
			e.Rows = append(e.Rows, row)
		}
	}
	s, y := e.begin()
	columns := e.columns()
	axis := e.scale(columns)
	y = e.header(s, columns, y)
	for i, p := range c.Panels {
		if i > 0 {
			y += 6
			s.Line(edge, y, e.Width-edge, y, Style{Stroke: gridLine, Width: 1})
		}
		width := e.Width - 2*edge
		y = paragraph(s, p.Heading, edge, y+8, width, labelSize, true, ink)
		y = paragraph(s, p.Verdict, edge, y, width, labelSize, false, muted) + 3
		top := y
		var rows []laidRow
		for _, row := range p.Rows {
			laid := laidRow{EstimateRow: row}
			y, laid.y, laid.height = e.words(s, columns, row, y)
			rows = append(rows, laid)
		}
		y += 2
		e.plot(s, columns, axis, rows, top, y)
	}
	return e.finish(s, e.foot(s, columns, axis, y))
}
