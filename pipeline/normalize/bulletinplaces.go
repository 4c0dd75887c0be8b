package normalize

import (
	"regexp"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
)

// wider are the words of bulletins for places that no oblast holds: the
// country, a direction in it, the sea.
var wider = map[string]bool{
	"Ukraine": true, "front line": true, "Black Sea": true, "center": true,
	"north": true, "north-east": true, "east": true, "south-east": true,
	"south": true, "south-west": true, "west": true, "north-west": true,
}

// townOblast are the towns that bulletins name without their oblast.
var townOblast = map[string]string{
	"Dnipro":            "UA12",
	"Kharkiv":           "UA63",
	"Kherson":           "UA65",
	"Kolomyia":          "UA26",
	"Kramatorsk":        "UA14",
	"Kremenchuk":        "UA53",
	"Kryvyi Rih":        "UA12",
	"Kyiv":              "UA80",
	"Lutsk":             "UA07",
	"Ochakiv":           "UA48",
	"Odesa":             "UA51",
	"Snake Island":      "UA51",
	"Starokostiantyniv": "UA68",
	"Sumy":              "UA59",
	"Vinnytsia":         "UA05",
	"Zaporizhzhia":      "UA23",
}

// abroad are oblasts of Russia at the border, which some rows name.
var abroad = map[string]bool{
	"Belgorod oblast": true, "Bryansk oblast": true, "Kursk oblast": true,
	"Rostov oblast": true, "Voronezh oblast": true,
}

// direction is the part of an oblast that a bulletin adds, as in Kyiv oblast
// (south).
var direction = regexp.MustCompile(` \([a-z-]+\)$`)

// A naming is what a field of a bulletin says of places.
type naming struct {
	oblasts []area.ID // each once, in the order named
	wider   bool      // or names something that no oblast holds
	abroad  bool      // or an oblast of Russia
}

// bulletinPlaces reads the places that a text names, joined by " and " or
// commas. A raion after an oblast and a comma is part of that oblast. A name that is
// none of a direction, a town, a Russian oblast or a name of the gazetteer is a
// *source.ParseError at the field.
func (s *Sink) bulletinPlaces(text string, origin source.Origin, field string) (naming, error) {
	var n naming
	afterOblast := false
	for i, part := range strings.Split(text, " and ") {
		for j, name := range strings.Split(part, ",") {
			name = strings.TrimSpace(name)
			afterOblast = afterOblast && (i == 0 || j > 0)
			if name == "" || afterOblast && strings.HasSuffix(name, " Raion") {
				continue
			}
			var err error
			if afterOblast, err = n.add(s, name, origin, field); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// add takes one name in; isOblast is true for an oblast named as such.
func (n *naming) add(s *Sink, name string, origin source.Origin, field string) (isOblast bool, err error) {
	switch {
	case wider[name]:
		n.wider = true
		return false, nil
	case abroad[name]:
		n.abroad = true
		return false, nil
	}
	code, isTown := townOblast[name]
	if !isTown {
		code = direction.ReplaceAllString(name, "")
	}
	id, err := s.place(code, origin, field)
	if err != nil {
		return false, err
	}
	id, ok := s.oblast(id)
	switch {
	case !ok:
		n.wider = true
	case !slices.Contains(n.oblasts, id):
		n.oblasts = append(n.oblasts, id)
	}
	return ok && !isTown, nil
}

// oblast returns the oblast that is or holds an area; ok is false for the
// country.
func (s *Sink) oblast(id area.ID) (oblast area.ID, ok bool) {
	for {
		a, ok := s.Gazetteer.Get(id)
		switch {
		case !ok || a.Level == area.Country:
			return "", false
		case a.Level == 1 || a.Parent == "":
			return id, true
		}
		id = a.Parent
	}
}
