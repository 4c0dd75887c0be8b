package pipeline_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

// oneBox is an area from 30 to 31° E and 50 to 51° N, as GeoJSON.
const oneBox = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"BOX"},"geometry":{"type":"Polygon","coordinates":[[[30,50],[31,50],[31,51],[30,51],[30,50]]]}}]}`

// pointFiles are files of the hours of a January day, 10 to 10, at points given
// as id, lat, lon and people, with a temperature each; NaN is an empty cell.
func pointFile(points string, temp func(point, hour int) float64) string {
	var b strings.Builder
	b.WriteString("cell,y,x,people,ts,t\n")
	for h := range 48 {
		for i, point := range strings.Fields(points) {
			value := ""
			if t := temp(i, h); !math.IsNaN(t) {
				value = fmt.Sprint(t)
			}
			fmt.Fprintf(&b, "%s,2021-01-%02dT%02d:00:00Z,%s\n", point, 1+h/24, h%24, value)
		}
	}
	return b.String()
}

const pointColumns = "columns: {point_id: cell, lat: y, lon: x, point_population: people, time_utc: ts, t_c: t}"

// runPoints runs a configuration with one source of points and returns what was
// published and the days of the box.
func runPoints(t *testing.T, source string, files map[string]string) (*pipeline.Summary, *table.Table) {
	t.Helper()
	c := pointConfig(t, source)
	s, err := pipeline.Run(t.Context(), pipeline.Options{Config: c, Files: mapFS(files), Now: now, Program: pipeline.Program{Version: "test", SHA256: "test"}})
	if err != nil {
		t.Fatal(err)
	}
	days, err := store.ReadTable(filepath.Join(s.Run.Dir, "tables", "area_day.parquet"), table.AreaDay)
	if err != nil {
		t.Fatal(err)
	}
	return s, days
}

func pointConfig(t *testing.T, source string) *config.Config {
	t.Helper()
	c, err := config.Read([]byte(`period: {from: 2021-01-01, to: 2021-01-03}
as_of: 2021-02-01T00:00:00Z
areas: {from_data: true, tz: UTC, boundaries: {file: box.geojson, property: code}}
sources:
`+source), "h.yaml", normalize.ConfigFormats())
	if err != nil {
		t.Fatal(err)
	}
	c.Out = t.TempDir()
	return c
}

func mapFS(files map[string]string) fs.FS {
	m := fstest.MapFS{"box.geojson": {Data: []byte(oneBox)}}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// dayOf returns a cell of a day of the only area.
func dayOf(t *testing.T, days *table.Table, day int, column string) any {
	t.Helper()
	if days.Rows() != 2 {
		t.Fatalf("area_day has %d rows, of which 2 are wanted", days.Rows())
	}
	return days.Value(day, days.Schema.Index(column))
}

// twoCells split the box at 50.5° N.
const twoCells = "south,50.25,30.5,100 north,50.75,30.5,300"

// The reference values of methods.md 4.4, as a run publishes them.
func TestARunMakesAreasOfPoints(t *testing.T) {
	nan := math.NaN()
	cold := func(values ...float64) func(int, int) float64 {
		return func(point, _ int) float64 { return values[point] }
	}
	// Three stations 10, 20 and 40 km north of the centre of the box.
	north := func(km float64) string {
		return fmt.Sprintf("%.12f,30.5,", 50.5+km/6371.0088*180/math.Pi)
	}
	stations := "a," + north(10) + " b," + north(20) + " c," + north(40)
	for _, tt := range []struct {
		name, weights, points string
		temp                  func(point, hour int) float64
		want                  any // tmean_c
	}{
		{"two cells by extent", "weights: area, grid_step_deg: 1, grid_lat_step_deg: 0.5", twoCells, cold(-20, -10), -15.0264658390},
		{"two cells by people", "weights: population, grid_step_deg: 1, grid_lat_step_deg: 0.5", twoCells, cold(-20, -10), -12.5},
		{"a missing cell is not 0 °C, and half an area is not enough", "weights: area, grid_step_deg: 1, grid_lat_step_deg: 0.5", twoCells, cold(-20, nan), nil},
		{"a missing cell with few people leaves the others' mean", "weights: population, grid_step_deg: 1, grid_lat_step_deg: 0.5", "south,50.25,30.5,10 north,50.75,30.5,90", cold(nan, -10), -10.0},
		{"a grid that covers half of the area", "weights: area, grid_step_deg: 1, grid_lat_step_deg: 0.5", "south,50.25,30.5,", cold(-20), nil},
		{"stations by distance", "weights: idw", stations, cold(-18, -15, -12), -17.1428571429},
		{"the nearest station", "weights: nearest", stations, cold(-18, -15, -12), -18.0},
		{"without the nearest, most of the weight is missing", "weights: idw", stations, cold(nan, -15, -12), nil},
		{"without the farthest, enough is there", "weights: idw", stations, cold(-18, -15, nan), -18 + 3.0/5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, days := runPoints(t, "  - {name: points, table: point_temperature, format: csv, files: [points.csv], "+tt.weights+", "+pointColumns+"}",
				map[string]string{"points.csv": pointFile(tt.points, tt.temp)})
			got := dayOf(t, days, 0, "tmean_c")
			if tt.want == nil || got == nil {
				if got != tt.want {
					t.Errorf("tmean_c = %v, want %v", got, tt.want)
				}
				return
			}
			if want := tt.want.(float64); math.Abs(got.(float64)-want) > 1e-9 {
				t.Errorf("tmean_c = %.10f, want %.10f", got, want)
			}
		})
	}
}

// Weights of the user's own take the place of boundaries, and a point that they
// name and that has no readings counts as missing.
func TestARunTakesATableOfWeights(t *testing.T) {
	source := `  - {name: points, table: point_temperature, format: csv, files: [points.csv], weights: population, weights_from: own, columns: {point_id: cell, time_utc: ts, t_c: t}}
  - {name: own, table: area_weight, format: csv, files: [weights.csv]}
`
	const header = "area_id,point_id,weight_method,weight\n"
	for _, tt := range []struct {
		name, weights string
		want          any
	}{
		{"by the method asked for", "BOX,south,population,3\nBOX,north,population,1\nBOX,south,area,1\n", -17.5},
		{"a point without readings", "BOX,south,population,3\nBOX,north,population,1\nBOX,west,population,2\n", nil},
	} {
		s, days := runPoints(t, source, map[string]string{
			"points.csv":  pointFile(twoCells, func(point, _ int) float64 { return []float64{-20, -10}[point] }),
			"weights.csv": header + tt.weights,
		})
		if got := dayOf(t, days, 1, "tmean_c"); got != tt.want {
			t.Errorf("%s: tmean_c = %v, want %v", tt.name, got, tt.want)
		}
		if got := s.Inputs[1]; got.Counts.Kept == 0 || got.Source.Name != "own" {
			t.Errorf("%s: the weights are no input: %+v", tt.name, got)
		}
	}
}

// Coverage counts the hours that have a mean: an hour in which too little is
// known is a missing hour of its day.
func TestHoursWithTooLittleOfTheirWeightAreMissing(t *testing.T) {
	_, days := runPoints(t, "  - {name: points, table: point_temperature, format: csv, files: [points.csv], weights: area, grid_step_deg: 1, grid_lat_step_deg: 0.5, "+pointColumns+"}",
		map[string]string{"points.csv": pointFile(twoCells, func(point, hour int) float64 {
			if point == 1 && hour%8 == 3 {
				return math.NaN()
			}
			return -10
		})})
	if got := dayOf(t, days, 0, "t_n_present"); got != int32(21) {
		t.Errorf("t_n_present = %v, want 21 of 24", got)
	}
	if got := dayOf(t, days, 0, "tmean_c"); got != -10.0 {
		t.Errorf("tmean_c = %v, want -10", got)
	}
}

// A position goes into a run, through every way that there is, and no file comes
// out with it: neither of the run, nor of normalize, nor a word on the way.
func TestNoPositionLeaves(t *testing.T) {
	const canary = "7313317" // digits of every position
	files := map[string]string{
		"points.csv": pointFile("st-"+canary+",50.2"+canary+",30.5"+canary+", other,50.7"+canary+",30.5"+canary+",", func(int, int) float64 { return -12 }) +
			"st-" + canary + ",50.9" + canary + ",30.5" + canary + ",,2021-01-01T00:00:00Z,-12\n" + // it has moved
			"other,50.7" + canary + ",30.5" + canary + ",,2021-01-01T00:00:00Z,cold\n" +
			"third,,,,2021-01-01T00:00:00Z,-12\n" +
			"fourth,950.7" + canary + ",30.5" + canary + ",,2021-01-01T00:00:00Z,-12\n" +
			"st-" + canary + strings.Repeat("x", 5000) + ",50.7" + canary + ",30.5" + canary + ",,2021-01-01T00:00:00Z,-12\n",
		"strikes.csv": "start_utc,lat,lon,weapon\n" +
			"2021-01-01T10:00:00Z,50.5" + canary + ",30.5" + canary + ",drone\n" +
			"2021-01-01T11:00:00Z,55.5" + canary + ",30.5" + canary + ",drone\n" +
			"2021-01-01T11:00:00Z,x" + canary + ",30.5" + canary + ",drone\n" +
			"2021-01-01T12:00:00Z,50.5" + canary + ",30.5" + canary + ",arrow\n" +
			"2021-01-01T12:00:00Z,50.5" + canary + ",30.5" + canary + ",drone,30.5" + canary + "\n",
		"outages.jsonl": `{"start_utc":"2021-01-01T10:00:00Z","end_utc":"2021-01-01T12:00:00Z","customers":10,"at":{"lat":50.5` + canary + `,"lon":30.5` + canary + "}}\n" +
			`{"start_utc":"2021-01-01T10:00:00Z","end_utc":"2021-01-01T12:00:00Z","customers":10,"at":{"lat":50.5` + canary + `,"lon":39.5` + canary + "}}\n" +
			`{"start_utc":"2021-01-01T10:00:00Z","end_utc":"2021-01-01T09:00:00Z","customers":10,"at":{"lat":50.5` + canary + `,"lon":30.5` + canary + "}}\n" +
			`[50.5` + canary + "]\n",
		"weights.csv": "area_id,point_id,weight_method,weight\nBOX,st-" + canary + ",idw,1\nBOX,st-" + canary + ",idw,-1\n",
		"box.geojson": strings.Replace(oneBox, "[31,51]", "[31.0"+canary+",51]", 1),
	}
	source := `  - {name: points, table: point_temperature, format: csv, files: [points.csv], weights: idw, ` + pointColumns + `}
  - {name: own, table: point_temperature, format: csv, files: [points.csv], weights: idw, weights_from: weights, ` + pointColumns + `}
  - {name: weights, table: area_weight, format: csv, files: [weights.csv]}
  - {name: strikes, table: strike, format: csv, files: [strikes.csv]}
  - {name: outages, table: outage_interval, format: jsonl, files: [outages.jsonl], columns: {lat: at.lat, lon: at.lon}}
max_rejected_share: 1
`
	c := pointConfig(t, source)
	var said bytes.Buffer
	options := pipeline.Options{Config: c, Files: mapFS(files), Now: now, Program: pipeline.Program{Version: "test", SHA256: "test"},
		Notify: func(p pipeline.Progress) { fmt.Fprintln(&said, p) }}
	run, err := pipeline.Run(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if n := run.Tables["area_day"].Rows(); n != 2 {
		t.Fatalf("area_day has %d rows: the positions were not used", n)
	}
	if n := run.Tables["rejected"].Rows(); n != 17 {
		t.Errorf("%d rows were rejected, want 17", n)
	}
	for _, w := range run.Warnings {
		fmt.Fprintln(&said, w)
	}
	checked, err := pipeline.Validate(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range checked.Rejected {
		if !r.Private {
			t.Errorf("the line of a row with a position may be shown: %v", r)
		}
		fmt.Fprintln(&said, r.Error(), r.Value)
	}
	for _, d := range checked.Doubts {
		fmt.Fprintln(&said, d.Error(), d.Value)
	}
	fmt.Fprintln(&said, checked.Errors)
	if strings.Contains(said.String(), canary) {
		t.Errorf("a position is said:\n%s", said.String())
	}

	canonical := t.TempDir()
	made, err := pipeline.Normalize(t.Context(), options, canonical)
	if err != nil {
		t.Fatal(err)
	}
	if want := "points/temperature.parquet"; !strings.Contains(strings.Join(made.Files, " "), want) {
		t.Errorf("normalize has made %v, and not %s", made.Files, want)
	}
	seen := 0
	for _, root := range []string{run.Run.Dir, canonical} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			seen++
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if filepath.Ext(path) == ".parquet" {
				content = append(content, printParquet(t, path, content)...)
			}
			if bytes.Contains(content, []byte(canary)) {
				t.Errorf("%s holds a position", path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 30 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// printParquet returns the names and cells of a Parquet file as text.
func printParquet(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	f, err := parquetfile.Open(bytes.NewReader(content), int64(len(content)), name, parquetfile.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, field := range f.Schema().Fields() {
		columns = append(columns, field.Name)
	}
	var b bytes.Buffer
	fmt.Fprintln(&b, f.Schema())
	for batch, err := range f.Batches(columns, parquetfile.ReadOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range columns {
			for row := range int(batch.NumRows()) {
				fmt.Fprintln(&b, batch.Column(i).ValueStr(row))
			}
		}
	}
	return b.Bytes()
}
