package normalize

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/areatable"
	"hardship/pipeline/table"
)

// Ukraine is the area of the whole country.
const Ukraine = "UA"

// An oblast is what this project adds to the reference files: the English name
// it prints, how far reports from the area can be expected (our own
// classification), and names that publishers use and no reference file has.
type oblast struct {
	id, english, reporting string
	aliases                []string
}

// oblasts are the first-level units of Ukraine by P-code. A name given here
// belongs to its unit even if a reference file gives it to another too:
// GeoNames calls both Kyiv city and Kyiv oblast "Kiev", which is the city here.
//
// Bulletins call Volyn and Dnipropetrovsk oblasts after their centres.
var oblasts = []oblast{
	{"UA01", "Crimea", "occupied", nil},
	{"UA05", "Vinnytsia oblast", "normal", []string{"Vinnytsya"}},
	{"UA07", "Volyn oblast", "normal", []string{"Lutsk oblast"}},
	{"UA12", "Dnipropetrovsk oblast", "normal", []string{"Dnipro oblast", "Dnipropetrovsk oblas"}},
	{"UA14", "Donetsk oblast", "contested", nil},
	{"UA18", "Zhytomyr oblast", "normal", nil},
	{"UA21", "Zakarpattia oblast", "normal", []string{"Transcarpathia"}},
	{"UA23", "Zaporizhzhia oblast", "contested", []string{"Zaporizhzhya"}},
	{"UA26", "Ivano-Frankivsk oblast", "normal", nil},
	{"UA32", "Kyiv oblast", "normal", nil},
	{"UA35", "Kirovohrad oblast", "normal", nil},
	{"UA44", "Luhansk oblast", "contested", nil},
	{"UA46", "Lviv oblast", "normal", nil},
	{"UA48", "Mykolaiv oblast", "normal", []string{"Mykolayiv"}},
	{"UA51", "Odesa oblast", "normal", []string{"Odessa"}},
	{"UA53", "Poltava oblast", "normal", nil},
	{"UA56", "Rivne oblast", "normal", nil},
	{"UA59", "Sumy oblast", "normal", nil},
	{"UA61", "Ternopil oblast", "normal", nil},
	{"UA63", "Kharkiv oblast", "normal", nil},
	{"UA65", "Kherson oblast", "contested", nil},
	{"UA68", "Khmelnytskyi oblast", "normal", []string{"Khmel'nyts'kyy"}},
	{"UA71", "Cherkasy oblast", "normal", nil},
	{"UA73", "Chernivtsi oblast", "normal", nil},
	{"UA74", "Chernihiv oblast", "normal", nil},
	{"UA80", "Kyiv city", "normal", []string{"Kyiv", "Kiev", "Kyiv City", "Kiev City", "м. Київ", "Kyiv, Ukraine"}},
	{"UA85", "Sevastopol", "occupied", nil},
}

// plain returns the name of an oblast without the word, by which many sources
// call it; "" where that is no name of it. Plain Kyiv is the city.
func (o oblast) plain() string {
	stem, ok := strings.CutSuffix(o.english, " oblast")
	if !ok || stem == "Kyiv" {
		return ""
	}
	return stem
}

// AreaFiles joins the reference files of package areatable into the area table
// of Ukraine. No file has all that is needed: P-codes and ISO codes meet only
// through the Ukrainian name.
//
// Every file is read with a sink of its own, which counts its rows; the rows of
// the table belong to no file and are made once, at the end.
type AreaFiles struct{ rows []source.AreaRow }

// Read takes in one reference file.
func (f *AreaFiles) Read(s *Sink, r io.Reader, name string) error {
	return each(s, areatable.Read(r, name), func(row source.AreaRow) error {
		if row.PCode != "" && !slices.ContainsFunc(oblasts, func(o oblast) bool { return o.id == row.PCode }) {
			return &source.ParseError{Origin: row.Origin, Value: row.PCode, Code: source.UnknownArea,
				Err: fmt.Errorf("no oblast has the P-code %s", row.PCode)}
		}
		for _, name := range []string{row.English, row.Ukrainian, row.Russian} {
			if strings.Contains(name, aliasSeparator) {
				return &source.ParseError{Origin: row.Origin, Value: name, Code: source.NotAllowed,
					Err: fmt.Errorf("the name %q holds the sign that parts aliases", name)}
			}
		}
		f.rows = append(f.rows, row)
		return nil
	})
}

// Emit makes the area table: the country and its 27 first-level units.
//
// The names and codes of every unit must have been read; population may be
// missing. The country's population is the sum of its parts as published: for
// January 2022 it leaves out Crimea and Sevastopol. All areas have the zone
// Europe/Kyiv, the legal time of Ukraine; clocks in Crimea and in the occupied
// part of Luhansk, Donetsk, Zaporizhzhia and Kherson oblasts show another.
func (f *AreaFiles) Emit(s *Sink) error {
	areas, err := f.join()
	if err != nil {
		return fmt.Errorf("join the reference files of areas: %w", err)
	}
	if _, err := area.NewGazetteer(areas); err != nil {
		return fmt.Errorf("join the reference files of areas: %w", err)
	}
	for i := range areas {
		a := &areas[i]
		b := s.Keep("", 0)
		b.String("area_id", string(a.ID))
		b.OptionalString("parent_id", string(a.Parent))
		b.Int32("level", a.Level)
		b.OptionalString("name_en", a.English)
		b.OptionalString("name_uk", a.Ukrainian)
		b.OptionalString("name_ru", a.Russian)
		b.OptionalString("aliases", strings.Join(a.Aliases, aliasSeparator))
		b.OptionalString("iso3166_2", a.ISO31662)
		b.String("tz", "Europe/Kyiv")
		table.Optional(b.Int64, "population", a.Population, a.Population > 0)
		table.Optional(b.Int32, "population_year", a.PopulationYear, a.Population > 0)
		b.String("reporting_class", a.ReportingClass)
	}
	return s.Flush()
}

const aliasSeparator = "|"

// join returns the country and its units in the order of their codes.
func (f *AreaFiles) join() ([]area.Area, error) {
	country := area.Area{ID: Ukraine, Level: area.Country, English: "Ukraine", Ukrainian: "Україна", Russian: "Украина", ReportingClass: "normal"}
	areas := []area.Area{country}
	at := map[string]int{} // position in areas by P-code, then also by ISO code
	owner := map[string]string{}
	for i, o := range oblasts {
		a := area.Area{ID: area.ID(o.id), Parent: Ukraine, Level: 1, English: o.english, ReportingClass: o.reporting, Aliases: slices.Clone(o.aliases)}
		if plain := o.plain(); plain != "" {
			a.Aliases = append(a.Aliases, plain)
		}
		areas = append(areas, a)
		at[o.id] = i + 1
		for _, name := range append([]string{o.english}, a.Aliases...) {
			owner[strings.ToLower(name)] = o.id
		}
	}
	if err := f.link(areas, at); err != nil {
		return nil, err
	}
	for _, row := range f.rows {
		i, ok := at[cmp.Or(row.PCode, row.ISO)]
		if !ok {
			return nil, &source.ParseError{Origin: row.Origin, Value: row.ISO, Code: source.UnknownArea,
				Err: fmt.Errorf("no file gives a P-code for %s", row.ISO)}
		}
		a := &areas[i]
		// The first in the order of letters, so that the order of files says nothing.
		if a.Russian == "" || row.Russian != "" && row.Russian < a.Russian {
			a.Russian = row.Russian
		}
		a.Population += row.Population
		a.PopulationYear = max(a.PopulationYear, row.PopulationYear)
		for _, name := range []string{row.English, row.Ukrainian, row.Russian} {
			if o, ok := owner[strings.ToLower(name)]; ok && o != string(a.ID) {
				continue
			}
			a.Aliases = append(a.Aliases, name)
		}
	}
	for i := range areas {
		a := &areas[i]
		if i > 0 {
			areas[0].Population += a.Population
			areas[0].PopulationYear = max(areas[0].PopulationYear, a.PopulationYear)
		}
		a.Aliases = distinctNames(a.Aliases, a.English, a.Ukrainian, a.Russian)
	}
	return areas, nil
}

// link gives each unit its ISO code and Ukrainian name, and puts the ISO code
// into at. One file has the name beside the P-code, without the word for an
// oblast, the other beside the ISO code, with it.
func (f *AreaFiles) link(areas []area.Area, at map[string]int) error {
	byName := map[string]int{}
	for _, row := range f.rows {
		if row.PCode != "" && row.Ukrainian != "" {
			byName[row.Ukrainian] = at[row.PCode]
		}
	}
	for _, row := range f.rows {
		if row.ISO == "" || row.Ukrainian == "" {
			continue
		}
		i, ok := byName[strings.TrimSuffix(row.Ukrainian, " область")]
		if !ok {
			continue // reported below, if no other row links it
		}
		a := &areas[i]
		if a.ISO31662 != "" && a.ISO31662 != row.ISO {
			return &source.ParseError{Origin: row.Origin, Value: row.ISO, Code: source.Contradiction,
				Err: fmt.Errorf("%s has the ISO code %s already", a.ID, a.ISO31662)}
		}
		a.ISO31662, a.Ukrainian = row.ISO, row.Ukrainian
		at[row.ISO] = i
	}
	for _, a := range areas[1:] {
		if a.ISO31662 == "" {
			return fmt.Errorf("no files link the P-code %s (%s) with an ISO code: a table of P-codes and one of ISO codes, each with Ukrainian names, are needed", a.ID, a.English)
		}
	}
	return nil
}

// distinctNames returns names in order without empty ones, those in but, and repeats
// in another letter case.
func distinctNames(names []string, but ...string) []string {
	slices.Sort(names)
	var kept []string
	for _, name := range names {
		same := func(other string) bool { return strings.EqualFold(name, other) }
		if name != "" && !slices.ContainsFunc(but, same) && !slices.ContainsFunc(kept, same) {
			kept = append(kept, name)
		}
	}
	return kept
}

// Areas returns the areas of a canonical area table, with their time zones.
// Rows that were taken back are left out.
func Areas(t *table.Table) ([]area.Area, error) {
	text := func(name string, row int) string { return known(t.String(name), row) }
	var areas []area.Area
	for row := range t.Rows() {
		if t.Bool("retracted").Value(row) {
			continue
		}
		a := area.Area{
			ID:             area.ID(text("area_id", row)),
			Parent:         area.ID(text("parent_id", row)),
			Level:          t.Int32("level").Value(row),
			English:        text("name_en", row),
			Ukrainian:      text("name_uk", row),
			Russian:        text("name_ru", row),
			ISO31662:       text("iso3166_2", row),
			ReportingClass: text("reporting_class", row),

			Population:         known(t.Int64("population"), row),
			PopulationYear:     known(t.Int32("population_year"), row),
			CustomersServed:    known(t.Int64("customers_served"), row),
			PersonsPerCustomer: known(t.Float64("persons_per_customer"), row),
		}
		if aliases := text("aliases", row); aliases != "" {
			a.Aliases = strings.Split(aliases, aliasSeparator)
		}
		var err error
		if a.Location, err = hour.LoadLocation(text("tz", row)); err != nil {
			return nil, fmt.Errorf("area %s: %w", a.ID, err)
		}
		areas = append(areas, a)
	}
	return areas, nil
}

// AreaTable returns areas as a canonical table, from which Areas makes them again.
func AreaTable(areas []area.Area) *table.Table {
	b := table.NewBuilder(table.Area)
	for _, a := range areas {
		b.Row()
		b.String("area_id", string(a.ID))
		b.OptionalString("parent_id", string(a.Parent))
		b.Int32("level", a.Level)
		b.OptionalString("name_en", a.English)
		b.OptionalString("name_uk", a.Ukrainian)
		b.OptionalString("name_ru", a.Russian)
		b.OptionalString("aliases", strings.Join(a.Aliases, aliasSeparator))
		b.OptionalString("iso3166_2", a.ISO31662)
		b.String("tz", a.Location.String())
		table.Optional(b.Int64, "population", a.Population, a.Population != 0)
		table.Optional(b.Int32, "population_year", a.PopulationYear, a.PopulationYear != 0)
		table.Optional(b.Int64, "customers_served", a.CustomersServed, a.CustomersServed != 0)
		table.Optional(b.Float64, "persons_per_customer", a.PersonsPerCustomer, a.PersonsPerCustomer != 0)
		b.String("reporting_class", a.ReportingClass)
		b.String("source_id", "areas")
		b.Bool("retracted", false)
	}
	return b.Table()
}

// known returns a cell, or the zero value that package area has for unknown.
func known[T any](column interface {
	IsNull(int) bool
	Value(int) T
}, row int) T {
	if column.IsNull(row) {
		return *new(T)
	}
	return column.Value(row)
}
