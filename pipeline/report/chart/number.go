package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	thin  = "\u2009" // thin space: between thousands, and between number and unit
	minus = "\u2212"
)

// number writes v with the given number of decimals, a true minus sign and thin
// spaces between thousands from 10 000 on; never "−0". NaN is "unknown". What is
// too large for any unit is written as a power of ten.
func (l Language) number(v float64, decimals int) string {
	switch {
	case math.IsNaN(v):
		return l.words().unknown
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return minus + "∞"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	if math.Abs(v) >= 1e12 {
		s = strings.Replace(strconv.FormatFloat(math.Abs(v), 'e', 2, 64), "e+", "·10^", 1)
	}
	whole, fraction, _ := strings.Cut(s, ".")
	sign := ""
	if v < 0 && strings.Trim(s, "0.") != "" {
		sign = minus
	}
	if len(whole) >= 5 && len(whole) <= 12 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + thin + whole[i:]
		}
	}
	if fraction != "" {
		whole += l.words().decimal + fraction
	}
	return sign + whole
}

// brief writes v with up to three significant digits and no trailing zeros, for
// axes.
func (l Language) brief(v float64) string {
	return l.number(v, decimalsOf(v))
}

// quantity writes v with its unit after a thin space; an unknown v has none.
func (l Language) quantity(v float64, decimals int, unit string) string {
	if math.IsNaN(v) || unit == "" {
		return l.number(v, decimals)
	}
	return l.number(v, decimals) + thin + unit
}

// decimalsOf returns how many decimals v needs for three significant digits.
func decimalsOf(v float64) int {
	if !finite(v) || v == 0 {
		return 0
	}
	digits := min(max(2-int(math.Floor(math.Log10(math.Abs(v)))), 0), 6)
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if digits == 0 {
		return 0
	}
	return len(strings.TrimRight(s[strings.IndexByte(s, '.')+1:], "0"))
}

// Language is the language of the words that the charts supply themselves, of
// their dates and of the decimal sign. Text given to a chart is drawn as it is.
type Language int

const (
	English Language = iota
	Ukrainian
)

type words struct {
	decimal    string
	months     [12]string // in short, in a date and alone
	longMonths [12]string // alone
	hour       string
	unknown    string
	noData     string
	noDataOf   string // %d of %d areas

	temperature                                     string
	mean, lowest, highest, extremes                 string
	noTemperature                                   string
	spell                                           string // %d days
	launched, missiles, drones, rockets, noBulletin string
	offHours, atLeast, atMost, noOutages            string
	home, notObserved, partly                       string
	claimedPause                                    string // %s reading

	coverage     string
	notOnMap     string // %s codes
	notEvaluable string
	noInterval   string
	effectiveN   string
	interval     string
	correlation  string
	to           string
}

var languages = [...]words{
	English: {
		decimal:    ".",
		months:     [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		longMonths: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		unknown:    "unknown",
		hour:       "h",
		noData:     "no data",
		noDataOf:   "no data (%d of %d)",

		temperature:   "Air temperature, °C",
		mean:          "daily mean",
		lowest:        "minimum",
		highest:       "maximum",
		extremes:      "minimum to maximum",
		noTemperature: "no temperature record",
		spell:         "cold spell, %d days",
		launched:      "Drones launched nationally, per night",
		missiles:      "night with missiles",
		drones:        "drones launched",
		rockets:       "missiles",
		noBulletin:    "no bulletin",
		offHours:      "Announced hours without power, per day",
		atLeast:       "at least",
		atMost:        "at most",
		noOutages:     "no outage record",
		home:          "observed in one home (n = 1)",
		notObserved:   "home not observed",
		partly:        "partly missing",
		claimedPause:  "claimed pause (%s)",

		coverage:     "Share of hours covered",
		notOnMap:     "Not on the map: %s",
		notEvaluable: "not evaluable",
		noInterval:   "no interval",
		effectiveN:   "effective n",
		interval:     "interval",
		correlation:  "correlation r",
		to:           "to",
	},
	Ukrainian: {
		decimal:    ",",
		months:     [12]string{"січ", "лют", "бер", "квіт", "трав", "черв", "лип", "серп", "вер", "жовт", "лист", "груд"},
		longMonths: [12]string{"січень", "лютий", "березень", "квітень", "травень", "червень", "липень", "серпень", "вересень", "жовтень", "листопад", "грудень"},
		unknown:    "невідомо",
		hour:       "год",
		noData:     "немає даних",
		noDataOf:   "немає даних (%d з %d)",

		temperature:   "Температура повітря, °C",
		mean:          "середня за добу",
		lowest:        "мінімум",
		highest:       "максимум",
		extremes:      "від мінімуму до максимуму",
		noTemperature: "немає даних про температуру",
		spell:         "хвиля холоду, днів: %d",
		launched:      "Дрони, запущені по країні за ніч",
		missiles:      "ніч із ракетами",
		drones:        "дронів запущено",
		rockets:       "ракет",
		noBulletin:    "немає зведення",
		offHours:      "Оголошені години без світла за добу",
		atLeast:       "щонайменше",
		atMost:        "щонайбільше",
		noOutages:     "немає даних про відключення",
		home:          "спостереження в одній оселі (n = 1)",
		notObserved:   "оселя без спостережень",
		partly:        "частково немає даних",
		claimedPause:  "заявлена пауза (%s)",

		coverage:     "Частка годин із даними",
		notOnMap:     "Немає на карті: %s",
		notEvaluable: "не піддається оцінці",
		noInterval:   "немає інтервалу",
		effectiveN:   "ефективне n",
		interval:     "інтервал",
		correlation:  "кореляція r",
		to:           "до",
	},
}

func (l Language) words() *words { return &languages[l] }

// date writes a day without its year, as "5 Jan".
func (l Language) date(t time.Time) string {
	return fmt.Sprintf("%d %s", t.Day(), l.words().months[t.Month()-1])
}

// fullDate writes a day with its year.
func (l Language) fullDate(t time.Time) string {
	return fmt.Sprintf("%s %d", l.date(t), t.Year())
}

// civil returns midnight UTC of the date that t shows, so that adding days to it
// never meets a change of clocks.
func civil(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
