package report

import (
	"image/color"
	"math"

	"hardship/pipeline/report/chart"
)

// findingSection opens the findings with what none of them can show.
func (r *reading) findingSection() section {
	return section{ID: "findings", Title: "Findings: associations, never causes", Short: "Findings", Level: 2, Blocks: []block{
		paragraph(say("Everything that was declared is reported, evaluable or not, in the order of the tables. Areas are not ranked. What goes together here may do so for the reasons drawn below, and the data cannot tell them apart.")),
		{Figures: []*figure{assumedGraph()}},
	}}
}

// A node is a box of the assumed graph; its place is in shares of the drawing.
type node struct {
	label string
	x, y  float64 // of the middle
	width float64 // share of the drawing's
}

var (
	nodes = []node{
		{"season, trend over the years", 0.5, 0.09, 0.5},
		{"cold", 0.14, 0.45, 0.24},
		{"strikes", 0.86, 0.45, 0.24},
		{"outages", 0.5, 0.66, 0.26},
		{"what is reported and recorded", 0.5, 0.92, 0.5},
	}
	edges = []struct {
		from, to int
		maybe    bool
	}{{0, 1, false}, {0, 2, false}, {0, 3, false}, {1, 2, true}, {1, 3, false}, {2, 3, false}, {3, 4, false}, {2, 4, false}}
)

// assumedGraph draws which causes are taken to be possible (methods.md 11.1).
func assumedGraph() *figure {
	f := &figure{
		Name:     "assumed_graph",
		Title:    "What may lie behind an association",
		Subtitle: "Arrows are possible causes, none of them estimated here",
		Note:     "Dashed: whoever attacks may choose cold nights, so that cold would stand behind strikes and behind outages at once. Outages and strikes change what is reported.",
		Data:     [][]string{{"from", "to", "dashed"}},
	}
	for _, e := range edges {
		dashed := "false"
		if e.maybe {
			dashed = "true"
		}
		f.Data = append(f.Data, []string{nodes[e.from].label, nodes[e.to].label, dashed})
	}
	f.Scene = func(frame chart.Frame) *chart.Scene {
		const height, box, size = 240.0, 30.0, 13.0
		line, ink := color.NRGBA{0x4d, 0x5b, 0x69, 0xff}, color.NRGBA{0x1b, 0x27, 0x33, 0xff}
		top := 4.0
		s := &chart.Scene{Width: frame.Width, Height: height + 8, ID: frame.ID, Title: frame.Title, Desc: frame.Desc}
		if !frame.Bare {
			s.Text(chart.Text{X: 2, Y: 20, Body: frame.Title, Size: 18, Bold: true, Color: ink})
			s.Text(chart.Text{X: 2, Y: 42, Body: frame.Subtitle, Size: 13, Color: line})
			top, s.Height = 54, height+62
		}
		wide := min(frame.Width, 560) - 4
		place := func(n node) (x, y, w float64) { return 2 + n.x*wide, top + n.y*height, n.width * wide }
		for _, e := range edges {
			x0, y0, w0 := place(nodes[e.from])
			x1, y1, w1 := place(nodes[e.to])
			from, to := leave(x0, y0, w0, box, x1, y1), leave(x1, y1, w1, box+6, x0, y0)
			style := chart.Style{Stroke: line, Width: 1.5}
			if e.maybe {
				style.Dash = [2]float64{5, 4}
			}
			s.Line(from.X, from.Y, to.X, to.Y, style)
			arrowHead(s, from, to, line)
		}
		for _, n := range nodes {
			x, y, w := place(n)
			s.Rect(x-w/2, y-box/2, w, box, 5, chart.Style{Fill: color.NRGBA{0xf6, 0xf8, 0xfa, 0xff}, Stroke: line, Width: 1})
			s.Text(chart.Text{X: x, Y: y + size*0.36, Body: n.label, Size: min(size, w/float64(len(n.label))*2.05), Anchor: chart.Middle, Color: ink})
		}
		return s
	}
	return f
}

// leave returns where the line from the middle of a box towards a point leaves
// it.
func leave(x, y, width, height, towardX, towardY float64) chart.Point {
	dx, dy := towardX-x, towardY-y
	t := math.Inf(1)
	if dx != 0 {
		t = (width/2 + 3) / math.Abs(dx)
	}
	if dy != 0 {
		t = min(t, (height/2+3)/math.Abs(dy))
	}
	return chart.Point{X: x + t*dx, Y: y + t*dy}
}

// arrowHead draws the head of a line at its end.
func arrowHead(s *chart.Scene, from, to chart.Point, fill color.NRGBA) {
	length := math.Hypot(to.X-from.X, to.Y-from.Y)
	if length == 0 {
		return
	}
	ux, uy := (to.X-from.X)/length, (to.Y-from.Y)/length
	s.Polygon([]chart.Point{
		{X: to.X + 4*ux, Y: to.Y + 4*uy},
		{X: to.X - 6*ux - 4*uy, Y: to.Y - 6*uy + 4*ux},
		{X: to.X - 6*ux + 4*uy, Y: to.Y - 6*uy - 4*ux},
	}, chart.Style{Fill: fill})
}
