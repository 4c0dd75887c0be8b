package chart

import (
	"fmt"
	"slices"
	"strings"
)

// A TileMap shows one value for each oblast of Ukraine, Kyiv, Sevastopol and
// Crimea as squares of equal size, laid roughly as on a map. It needs no
// boundaries, and small areas are seen as well as large ones. It is for
// temperature and coverage, never for strikes. The map is at most 800 px wide.
type TileMap struct {
	Frame
	Legend   string  // what the shade means, with its unit
	Tiles    []Tile  // in any order; areas that have none are hatched
	Lo, Hi   float64 // values at the ends of the ramp; where NaN, the least and greatest value
	Ramp     Ramp
	DarkLow  bool // the dark end is Lo, as for cold
	Decimals int  // of the values written
}

// A Tile is the value of one area, by its P-code. A code that is not on the map is
// named in a line below it.
type Tile struct {
	Code  string
	Value float64 // NaN: no data
	Tip   string  // shown after the value, as "n = 744 hours"; may be ""
}

// A tilePlace is a square of the built-in map, by column and row.
type tilePlace struct {
	code        string
	column, row int
	name, short [2]string // by Language
}

const tileColumns, tileRows = 8, 5

// tilePlaces keeps neighbours together as far as squares can: north is up.
var tilePlaces = [...]tilePlace{
	{"UA07", 1, 0, [2]string{"Volyn", "Волинська"}, [2]string{"Volyn", "Волин."}},
	{"UA56", 2, 0, [2]string{"Rivne", "Рівненська"}, [2]string{"Rivne", "Рівнен."}},
	{"UA18", 3, 0, [2]string{"Zhytomyr", "Житомирська"}, [2]string{"Zhytom.", "Житом."}},
	{"UA32", 4, 0, [2]string{"Kyiv oblast", "Київська"}, [2]string{"Kyiv ob.", "Київська"}},
	{"UA74", 5, 0, [2]string{"Chernihiv", "Чернігівська"}, [2]string{"Cherni.", "Черніг."}},
	{"UA59", 6, 0, [2]string{"Sumy", "Сумська"}, [2]string{"Sumy", "Сумська"}},
	{"UA46", 0, 1, [2]string{"Lviv", "Львівська"}, [2]string{"Lviv", "Львів."}},
	{"UA61", 1, 1, [2]string{"Ternopil", "Тернопільська"}, [2]string{"Ternop.", "Терноп."}},
	{"UA68", 2, 1, [2]string{"Khmelnytskyi", "Хмельницька"}, [2]string{"Khmeln.", "Хмельн."}},
	{"UA05", 3, 1, [2]string{"Vinnytsia", "Вінницька"}, [2]string{"Vinnyts.", "Вінниц."}},
	{"UA80", 4, 1, [2]string{"Kyiv", "Київ"}, [2]string{"Kyiv", "Київ"}},
	{"UA53", 5, 1, [2]string{"Poltava", "Полтавська"}, [2]string{"Poltava", "Полтав."}},
	{"UA63", 6, 1, [2]string{"Kharkiv", "Харківська"}, [2]string{"Kharkiv", "Харків."}},
	{"UA44", 7, 1, [2]string{"Luhansk", "Луганська"}, [2]string{"Luhansk", "Луган."}},
	{"UA21", 0, 2, [2]string{"Zakarpattia", "Закарпатська"}, [2]string{"Zakarp.", "Закарп."}},
	{"UA26", 1, 2, [2]string{"Ivano-Frankivsk", "Івано-Франківська"}, [2]string{"Iv.-Fr.", "Ів.-Фр."}},
	{"UA73", 2, 2, [2]string{"Chernivtsi", "Чернівецька"}, [2]string{"Cherniv.", "Чернів."}},
	{"UA71", 3, 2, [2]string{"Cherkasy", "Черкаська"}, [2]string{"Cherk.", "Черкас."}},
	{"UA35", 4, 2, [2]string{"Kirovohrad", "Кіровоградська"}, [2]string{"Kirovoh.", "Кіров."}},
	{"UA12", 5, 2, [2]string{"Dnipropetrovsk", "Дніпропетровська"}, [2]string{"Dniprop.", "Дніпр."}},
	{"UA14", 6, 2, [2]string{"Donetsk", "Донецька"}, [2]string{"Donetsk", "Донец."}},
	{"UA51", 3, 3, [2]string{"Odesa", "Одеська"}, [2]string{"Odesa", "Одеська"}},
	{"UA48", 4, 3, [2]string{"Mykolaiv", "Миколаївська"}, [2]string{"Mykol.", "Микол."}},
	{"UA65", 5, 3, [2]string{"Kherson", "Херсонська"}, [2]string{"Kherson", "Херсон."}},
	{"UA23", 6, 3, [2]string{"Zaporizhzhia", "Запорізька"}, [2]string{"Zapor.", "Запор."}},
	{"UA85", 4, 4, [2]string{"Sevastopol", "Севастополь"}, [2]string{"Sevast.", "Севаст."}},
	{"UA01", 5, 4, [2]string{"Crimea", "Крим"}, [2]string{"Crimea", "Крим"}},
}

const (
	tileGap     = 3.0
	tileLargest = 100.0
	legendWidth = 220.0 // at most, of the ramp of the legend
)

// Scene draws the map. Of two tiles with one code the last holds.
func (c TileMap) Scene() *Scene {
	s, y := c.begin()
	tiles, unplaced := c.byCode()
	lo, hi := c.domain(tiles)

	side := min((c.Width-2*edge+tileGap)/tileColumns, tileLargest)
	legend := c.layLegend(tiles, lo, hi)
	// The legend goes into the empty lower left corner, or else above the map.
	legend.wrap(3*side - tileGap - 8)
	if legend.height <= 2*side-6 {
		legend.draw(s, edge, y+3*side+6)
	} else {
		legend.wrap(c.Width - 2*edge)
		legend.draw(s, edge, y)
		y += legend.height + 12
	}

	values := c.valueSize(tiles, side-tileGap)
	for _, place := range tilePlaces {
		x, top := edge+float64(place.column)*side, y+float64(place.row)*side
		c.drawTile(s, place, tiles[place.code], x, top, side-tileGap, values, lo, hi)
	}
	y += tileRows * side
	if len(unplaced) > 0 {
		return c.finish(s, y, fmt.Sprintf(c.Language.words().notOnMap, strings.Join(unplaced, ", ")))
	}
	return c.finish(s, y)
}

// domain returns the values at the ends of the ramp, lo < hi.
func (c *TileMap) domain(tiles map[string]*Tile) (lo, hi float64) {
	var values []float64
	for _, place := range tilePlaces {
		if t := tiles[place.code]; t != nil {
			values = append(values, t.Value)
		}
	}
	lo, hi, ok := extent(values)
	if !ok {
		lo, hi = 0, 1
	}
	if finite(c.Lo) {
		lo = c.Lo
	}
	if finite(c.Hi) {
		hi = c.Hi
	}
	if lo >= hi {
		hi = lo + 1
	}
	return lo, hi
}

// byCode returns the tiles by code, and the codes that the map does not have,
// sorted.
func (c *TileMap) byCode() (tiles map[string]*Tile, unplaced []string) {
	tiles = make(map[string]*Tile)
	for i, t := range c.Tiles {
		if !slices.ContainsFunc(tilePlaces[:], func(p tilePlace) bool { return p.code == t.Code }) {
			unplaced = append(unplaced, t.Code)
			continue
		}
		tiles[t.Code] = &c.Tiles[i]
	}
	slices.Sort(unplaced)
	return tiles, slices.Compact(unplaced)
}

// valueSize returns the size at which every value fits a square, or 0 if none
// does: a number is never cut.
func (c *TileMap) valueSize(tiles map[string]*Tile, side float64) float64 {
	for _, size := range []float64{16, 14, 12, 11, 10} {
		fits := side >= 2.9*size
		for _, t := range tiles {
			if finite(t.Value) && textWidth(c.Language.number(t.Value, c.Decimals), size, true) > side-5 {
				fits = false
			}
		}
		if fits {
			return size
		}
	}
	return 0
}

func (c *TileMap) drawTile(s *Scene, place tilePlace, t *Tile, x, y, side, valueSize, lo, hi float64) {
	w := c.Language.words()
	full := place.name[c.Language]
	nameSize := smallSize
	if side < 60 {
		nameSize = 10
	}
	name := full
	if textWidth(name, nameSize, false) > side-4 {
		name = place.short[c.Language]
	}
	middle := x + side/2
	if t == nil || !finite(t.Value) {
		s.Hatch(x, y, side, side)
		tip := full + ": " + w.noData
		if t != nil && t.Tip != "" {
			tip += ", " + t.Tip
		}
		s.Tip(tip)
		if textWidth(w.noData, nameSize, false) <= side-10 {
			plate(s, name, middle, y+side/2-nameSize*0.7, nameSize, side)
			plate(s, w.noData, middle, y+side/2+nameSize*0.7, nameSize, side)
		} else {
			plate(s, name, middle, y+side/2, nameSize, side)
		}
		return
	}
	share := (t.Value - lo) / (hi - lo)
	if c.DarkLow {
		share = 1 - share
	}
	fill := c.Ramp.at(share)
	s.Rect(x, y, side, side, 2, Style{Fill: fill})
	value := c.Language.number(t.Value, c.Decimals)
	tip := full + ": " + value
	if t.Tip != "" {
		tip += ", " + t.Tip
	}
	s.Tip(tip)
	text := over(fill)
	if valueSize == 0 {
		s.Text(Text{X: middle, Y: y + side/2 + nameSize*0.36, Body: name, Size: nameSize, Anchor: Middle, Color: text})
		return
	}
	s.Text(Text{X: middle, Y: y + side/2 - nameSize*0.3, Body: name, Size: nameSize, Anchor: Middle, Color: text})
	s.Text(Text{X: middle, Y: y + side/2 + valueSize*0.95, Body: value, Size: valueSize, Bold: true, Anchor: Middle, Color: text})
}

// A tileLegend is the ramp with its ends, and the hatch.
type tileLegend struct {
	chart         *TileMap
	lo, hi        float64
	missing       string
	lines         []string
	width, height float64
}

func (c *TileMap) layLegend(tiles map[string]*Tile, lo, hi float64) *tileLegend {
	missing := 0
	for _, place := range tilePlaces {
		if t := tiles[place.code]; t == nil || !finite(t.Value) {
			missing++
		}
	}
	l := &tileLegend{chart: c, lo: lo, hi: hi}
	if missing > 0 {
		w := c.Language.words()
		l.missing = fmt.Sprintf(w.noDataOf, missing, len(tilePlaces))
	}
	return l
}

func (l *tileLegend) wrap(width float64) {
	l.width = min(width, legendWidth)
	l.lines = wrap(l.chart.Legend, smallSize, true, width)
	l.height = float64(len(l.lines))*lineHeight(smallSize) + 4 + 10 + lineHeight(smallSize) + 2
	if l.missing != "" {
		l.height += 18
	}
}

func (l *tileLegend) draw(s *Scene, x, y float64) {
	for _, line := range l.lines {
		s.Text(Text{X: x, Y: y + smallSize*ascent, Body: line, Size: smallSize, Bold: true, Color: ink})
		y += lineHeight(smallSize)
	}
	y += 4
	const parts = 40
	for i := range parts {
		share := (float64(i) + 0.5) / parts
		if l.chart.DarkLow {
			share = 1 - share
		}
		// Each part reaches under the next one, so that no seam shows.
		from, to := float64(i)/parts*l.width, min(float64(i+2)/parts, 1)*l.width
		s.Rect(x+from, y, to-from, 10, 0, Style{Fill: l.chart.Ramp.at(share)})
	}
	y += 10 + 3
	language, decimals := l.chart.Language, l.chart.Decimals
	s.Text(Text{X: x, Y: y + smallSize*ascent, Body: language.number(l.lo, decimals), Size: smallSize, Color: muted})
	s.Text(Text{X: x + l.width, Y: y + smallSize*ascent, Body: language.number(l.hi, decimals), Size: smallSize, Anchor: End, Color: muted})
	y += lineHeight(smallSize) + 3
	if l.missing != "" {
		hatchSwatch(s, x, y+6)
		s.Text(Text{X: x + swatchWidth + swatchGap, Y: y + 6 + smallSize*0.36, Body: l.missing, Size: smallSize, Color: muted})
	}
}
