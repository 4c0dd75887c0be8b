package calibrate

import (
	"runtime"
	"sync"
)

// A Row is one line of the table.
type Row struct {
	Method
	Scene  *Scene
	Days   int
	Areas  int
	counts [2]tally // without an effect, and with one
}

type tally struct{ panels, known, found, interval, covered int }

func (t *tally) add(a answer) {
	t.panels++
	if !a.known {
		return
	}
	t.known++
	if a.found() {
		t.found++
	}
	if a.lo == a.lo {
		t.interval++
		if a.covers() {
			t.covered++
		}
	}
}

func (t *tally) merge(o tally) {
	t.panels += o.panels
	t.known += o.known
	t.found += o.found
	t.interval += o.interval
	t.covered += o.covered
}

// Lengths are the numbers of days, and Numbers those of areas.
var (
	Lengths = []int{20, 90, 150, 400}
	Numbers = []int{5, 10, 25}
	// Baselines are the lengths of those of a pause, which has no other.
	Baselines = []int{28, 56, 84}
)

// Run simulates panels of every scene, as many without an association as with one,
// and asks every question of them. wanted picks scenes and lengths, and questions
// by the name of their first method; nil is all. The number of threads, 0 for all
// cores, never changes a count.
func Run(panels, threads int, wanted func(scene string, days, areas int, first string) bool) []Row {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	var rows []Row
	for i := range Scenes {
		s := &Scenes[i]
		lengths, numbers := Lengths, []int{1}
		switch s.kind {
		case ofAreas:
			numbers = Numbers
		case ofPauses:
			lengths = Baselines
		}
		for _, days := range lengths {
			for _, areas := range numbers {
				if s.kind == ofAreas && days != 150 && areas != 10 {
					continue // lengths and numbers are varied by themselves
				}
				rows = append(rows, s.run(days, areas, panels, threads, wanted)...)
			}
		}
	}
	return rows
}

func (s *Scene) run(days, areas, panels, threads int, wanted func(scene string, days, areas int, first string) bool) []Row {
	var rows []Row
	var asked []question
	for _, q := range questions {
		if q.kind != s.kind || q.plain && (s.gaps || !s.whole) || q.whole && !s.whole || q.most > 0 && days*areas > q.most || wanted != nil && !wanted(s.Name, days, areas, q.methods[0].Name) {
			continue
		}
		asked = append(asked, q)
		for _, m := range q.methods {
			if s.kind == ofPauses {
				m.Default, m.Naive = m.Name == s.decides(), m.Name == "pause_exact" && m.Name != s.decides()
			}
			rows = append(rows, Row{Method: m, Scene: s, Days: days, Areas: areas})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	var mutex sync.Mutex
	var wait sync.WaitGroup
	for thread := range threads {
		wait.Go(func() {
			own := make([][2]tally, len(rows))
			for panel := thread; panel < panels; panel += threads {
				for e, effect := range []bool{false, true} {
					d := newDraws(s.Name, days, areas, effect, panel)
					r := s.record(d, days, areas, effect)
					i := 0
					for _, q := range asked {
						for _, a := range q.answer(r) {
							own[i][e].add(a)
							i++
						}
					}
				}
			}
			mutex.Lock()
			defer mutex.Unlock()
			for i := range own {
				rows[i].counts[0].merge(own[i][0])
				rows[i].counts[1].merge(own[i][1])
			}
		})
	}
	wait.Wait()
	return rows
}

// Panels is how many records of each scene and length the shipped table is of: the
// standard error of a share of 5 % is then 0.49 points. SlicePanels is how many of
// them a test draws anew.
const (
	Panels      = 2000
	SlicePanels = 5
)
