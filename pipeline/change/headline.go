package change

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// headlines compares the numbers that results.json leads with.
func headlines(oldDir, newDir string) ([]Headline, error) {
	var words [2]map[string]string
	for i, dir := range []string{oldDir, newDir} {
		var err error
		if words[i], err = readHeadlines(filepath.Join(dir, "results.json")); err != nil {
			return nil, fmt.Errorf("headline numbers of %q: %w", dir, err)
		}
	}
	names := maps.Clone(words[0])
	maps.Copy(names, words[1])
	var out []Headline
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if a, b := words[0][name], words[1][name]; a != b {
			out = append(out, Headline{name, a, b})
		}
	}
	return out, nil
}

// The fields of results.json that are headline numbers.
type published struct {
	Headlines []struct {
		ID     string   `json:"id"`
		AreaID string   `json:"area_id"`
		Lo     *float64 `json:"lo"`
		Hi     *float64 `json:"hi"`
		Unit   string   `json:"unit"`
		Date   *string  `json:"date"`
	} `json:"headlines"`
	Ratios struct {
		Evaluable []struct {
			AreaID string   `json:"area_id"`
			Season string   `json:"season"`
			Weapon string   `json:"weapon"`
			RR     *float64 `json:"rr"`
			Lo     *float64 `json:"ci_shift_lo"`
			Hi     *float64 `json:"ci_shift_hi"`
		} `json:"evaluable"`
	} `json:"rate_ratios"`
	Pauses []struct {
		PauseID    string `json:"pause_id"`
		Metric     string `json:"metric"`
		TargetsAre string `json:"targets_are"`
		Verdict    string `json:"verdict"`
		Readings   int    `json:"n_readings"`
		Evaluable  int    `json:"n_evaluable"`
	} `json:"pauses"`
}

// readHeadlines returns the headline numbers of a run, rate ratios with their
// intervals and verdicts on pauses, in words, by what they are of. A run that made
// no report has none.
func readHeadlines(path string) (map[string]string, error) {
	words := map[string]string{}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return words, nil
	}
	var p published
	if err == nil {
		err = json.Unmarshal(content, &p)
	}
	if err != nil {
		return nil, err
	}
	for _, h := range p.Headlines {
		value := span(h.Lo, h.Hi)
		if h.Unit != "" {
			value += " " + h.Unit
		}
		if h.Date != nil {
			value += " on " + *h.Date
		}
		words[strings.Join([]string{h.ID, h.AreaID}, " ")] = value
	}
	for _, r := range p.Ratios.Evaluable {
		words[strings.Join([]string{"rate ratio", r.Weapon, r.AreaID, r.Season}, " ")] = fmt.Sprintf("%s (95 %% interval %s to %s)", number(r.RR, "unknown"), number(r.Lo, "0"), number(r.Hi, "unbounded"))
	}
	for _, v := range p.Pauses {
		words[strings.Join([]string{"pause", v.PauseID, v.Metric, "targets", v.TargetsAre}, " ")] = fmt.Sprintf("%s (%d of %d readings evaluable)", v.Verdict, v.Evaluable, v.Readings)
	}
	return words, nil
}

// span writes the two ends of what a number can be, once where they are one.
func span(lo, hi *float64) string {
	a, b := number(lo, "unknown"), number(hi, "unknown")
	if a == b {
		return a
	}
	return a + " to " + b
}

func number(v *float64, none string) string {
	if v == nil {
		return none
	}
	return strconv.FormatFloat(*v, 'g', 6, 64)
}
