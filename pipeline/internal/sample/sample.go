// Package sample makes files of any length in the shapes of publishers, for
// tests of speed and memory. Rows are made up: only lengths, the share of empty
// fields and the order of rows are the publisher's. The same call gives the
// same bytes.
package sample

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// A lines reader gives the rows that next appends, made when they are read.
type lines struct {
	next    func([]byte) []byte // appends a row
	left    int                 // rows
	pending []byte
	buffer  []byte
}

func (l *lines) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(l.pending) == 0 {
			if l.left == 0 {
				break
			}
			l.left--
			l.buffer = l.next(l.buffer[:0])
			l.pending = l.buffer
		}
		copied := copy(p[n:], l.pending)
		l.pending = l.pending[copied:]
		n += copied
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func newLines(header string, rows int, next func([]byte) []byte) io.Reader {
	return &lines{next: next, left: rows, pending: []byte(header)}
}

// Counties is how many counties EagleI has.
const Counties = 3100

// County returns the FIPS code of the i-th county of EagleI.
func County(i int) int { return (1+i/62)*1000 + 1 + 2*(i%62) }

// EagleI gives rows of a year's file of EAGLE-I: by time, every fifteen minutes
// from 2031, of each poll about a quarter of the counties in the order of their
// codes; a year has some 25 million. Rows are about 46 bytes long.
func EagleI(rows int) io.Reader {
	random := rand.New(rand.NewPCG(1, 2))
	names := make([]string, Counties)
	for i := range names {
		names[i] = fmt.Sprintf("%d,%s,%s,", County(i), word(random, 5, 11), word(random, 5, 12))
	}
	names[7] = fmt.Sprintf("%d,Señora,%s,", County(7), word(random, 5, 12))
	run := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	end := run.Format(",2006-01-02 15:04:05\n")[1:]
	at := 0
	return newLines("fips_code,county,state,customers_out,run_start_time\n", rows, func(b []byte) []byte {
		if at >= Counties {
			at %= Counties
			run = run.Add(15 * time.Minute)
			end = run.Format(",2006-01-02 15:04:05\n")[1:]
		}
		bits := random.Uint64()
		b = append(b, names[at]...)
		b = strconv.AppendUint(b, 1+(bits>>48)>>(2+bits&15), 10)
		b = append(append(b, ','), end...)
		at += 1 + int(bits>>16&7)
		return b
	})
}

// Bulletins gives rows of the table of missile attacks: newest first, with
// quoted lists, most columns empty. Rows are about 210 bytes long. Their places
// are "Ukraine", directions and the oblasts that Oblasts lists.
func Bulletins(rows int) io.Reader {
	random := rand.New(rand.NewPCG(3, 4))
	maybe := func(b []byte, percent int, text string) []byte {
		if random.IntN(100) < percent {
			b = append(b, text...)
		}
		return append(b, ',')
	}
	count := func(most int) string { return strconv.Itoa(random.IntN(most)) + ".0" }
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	targets := append([]string{"Ukraine", "Ukraine", "Ukraine", "south", "east"}, Oblasts...)
	models := []string{"Shahed-136/131", "Shahed-136/131", "X-101", "Iskander-M", "Orlan-10", "Lancet", "X-59"}
	launches := make([]string, 40)
	for i := range launches {
		launches[i] = word(random, 6, 12) + " oblast and " + word(random, 6, 12) + " oblast and " + word(random, 6, 12)
		if i%3 == 0 {
			launches[i] = `"` + word(random, 6, 12) + `, ` + word(random, 6, 12) + ` and ` + word(random, 20, 40) + `"`
		}
	}
	start := time.Date(2046, 1, 1, 18, 0, 0, 0, time.UTC)
	return newLines("time_start,time_end,model,launch_place,target,target_main,launched,destroyed,not_reach_goal,still_attacking,border_crossing,"+
		"is_shahed,num_hit_location,num_fall_fragment_location,carrier,turbojet,turbojet_destroyed,affected region,destroyed_details,launched_details,"+
		"launch_place_details,source\n", rows, func(b []byte) []byte {
		layout := time.DateOnly
		if random.IntN(100) < 40 {
			layout += " 15:04"
		}
		start = start.Add(-time.Duration(random.IntN(120)) * time.Minute)
		b = start.AppendFormat(b, layout)
		b = append(b, ',')
		b = start.Add(14*time.Hour).AppendFormat(b, layout)
		b = append(append(append(b, ','), pick(models)...), ',')
		b = maybe(b, 52, pick(launches))
		b = maybe(b, 99, pick(targets))
		b = maybe(b, 2, pick(Oblasts))
		b = maybe(b, 100, count(200))
		b = maybe(b, 100, count(150))
		b = maybe(b, 18, count(50))
		b = maybe(b, 5, count(9))
		b = maybe(b, 100, "{}")
		b = maybe(b, 6, count(9))
		b = maybe(b, 10, count(30))
		b = maybe(b, 9, count(20))
		b = maybe(b, 8, "Tu-95MS")
		b = append(b, ',', ',')
		b = maybe(b, 6, `"['`+pick(Oblasts)+`', '`+pick(Oblasts)+`']"`)
		b = maybe(b, 22, `"{'south': `+strconv.Itoa(random.IntN(90))+`, 'east': NaN, 'north': `+strconv.Itoa(random.IntN(90))+`, 'center': NaN, 'west': {'`+pick(Oblasts)+`': 2}}"`)
		b = append(b, ',', ',')
		b = append(b, "kpszsu/posts/pfbid"...)
		for range 5 {
			b = strconv.AppendUint(b, random.Uint64(), 36)
		}
		return append(b, '\n')
	})
}

// Oblasts are those that Bulletins names.
var Oblasts = []string{"Poltava oblast", "Sumy oblast", "Kyiv oblast", "Odesa oblast", "Kharkiv oblast"}

// word makes a word of from to to letters.
func word(random *rand.Rand, from, to int) string {
	const letters = "aeiourstlnmdk"
	b := make([]byte, from+random.IntN(to-from+1))
	for i := range b {
		b[i] = letters[random.IntN(len(letters))]
	}
	b[0] -= 'a' - 'A'
	return string(b)
}
