package hour

import "time"

// ScanDay reads YYYY-MM-DD at the start of s.
func ScanDay(s string) (d Day, rest string, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, "", false
	}
	century, ok0 := twoDigits(s[0], s[1])
	year, ok1 := twoDigits(s[2], s[3])
	month, ok2 := twoDigits(s[5], s[6])
	of, ok3 := twoDigits(s[8], s[9])
	year += 100 * century
	if !ok0 || !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || of < 1 || of > lengthOf(year, month) {
		return 0, "", false
	}
	return civil(year, month, of), s[10:], true
}

// lengthOf returns the days of a month.
func lengthOf(year, month int) int {
	if month == 2 {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (month+month/8)%2
}

// civil is Date for a year from 0, without a time.Time: years are taken to begin
// in March, so that the leap day is their last.
func civil(year, month, day int) Day {
	if month <= 2 {
		year, month = year-1, month+12
	}
	y := year + 400 // of the same place in the cycle of 400 years, never below 0
	return Day(y*365 + y/4 - y/100 + y/400 + (153*(month-3)+2)/5 + day - 1 - 865565)
}

// civil is the inverse of the function civil, for days from 1970.
func (d Day) civil() (year, month, day int) {
	n := uint32(d) + 719468 // days since 1 March of year 0
	cycle, n := n/146097, n%146097
	y := (n - n/1460 + n/36524 - n/146096) / 365 // of the cycle of 400 years
	n -= y*365 + y/4 - y/100                     // days since 1 March
	m := (5*n + 2) / 153                         // months since March
	year, month, day = int(cycle*400+y), int(m+3), int(n-(153*m+2)/5+1)
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// ScanTimeOfDay reads HH:MM, HH:MM:SS or HH:MM:SS.f at the start of s. What lies
// below a microsecond is cut. 24:00 is the midnight that ends the day.
func ScanTimeOfDay(s string) (ofDay Instant, rest string, ok bool) {
	const wholeDay = 24 * InstantsInHour
	if len(s) < 5 || s[2] != ':' {
		return 0, "", false
	}
	h, ok1 := twoDigits(s[0], s[1])
	m, ok2 := twoDigits(s[3], s[4])
	if !ok1 || !ok2 || h > 24 || m > 59 {
		return 0, "", false
	}
	ofDay, s = Instant(h)*InstantsInHour+Instant(m)*Minute, s[5:]
	if s == "" || s[0] != ':' {
		return ofDay, s, ofDay <= wholeDay
	}
	if len(s) < 3 {
		return 0, "", false
	}
	sec, ok := twoDigits(s[1], s[2])
	if !ok || sec > 59 {
		return 0, "", false
	}
	ofDay, s = ofDay+Instant(sec)*Second, s[3:]
	if s == "" || s[0] != '.' {
		return ofDay, s, ofDay <= wholeDay
	}
	n := 1
	for scale := Second / 10; n < len(s) && '0' <= s[n] && s[n] <= '9'; n++ {
		ofDay += Instant(s[n]-'0') * scale
		scale /= 10
	}
	return ofDay, s[n:], n > 1 && n <= 10 && ofDay <= wholeDay
}

// twoDigits reads a number of two decimal digits.
func twoDigits(tens, ones byte) (n int, ok bool) {
	tens, ones = tens-'0', ones-'0'
	return int(tens)*10 + int(ones), tens <= 9 && ones <= 9
}

// ScanDigits reads a number of decimal digits alone.
func ScanDigits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// A Clock is Local for many times of one zone: between two changes of the clocks
// it asks nobody. Its zero value shows UTC.
type Clock struct {
	Location *time.Location

	// The times shown, counted as if they were UTC, that the clocks show once and
	// with this offset.
	from, to Instant
	offset   Instant
}

// Local returns the instant at which the clocks show a time of day, from 0 to 24
// hours; its errors are those of the function Local.
func (c *Clock) Local(d Day, ofDay Instant) (Instant, error) {
	const wholeDay = 24 * InstantsInHour
	shown := Instant(d)*wholeDay + ofDay
	if c.Location == nil || c.Location == time.UTC {
		return shown, nil
	}
	if shown < c.from || shown >= c.to {
		c.look(shown)
	}
	if shown >= c.from && shown < c.to {
		return shown - c.offset, nil
	}
	at, err := Local(d, int(ofDay/Minute), c.Location)
	if err == ErrNoSuchTime {
		return at, err
	}
	return at + ofDay%Minute, err
}

// look finds the offset of a time shown.
func (c *Clock) look(shown Instant) {
	offsetAt := func(t time.Time) Instant {
		_, seconds := t.In(c.Location).Zone()
		return Instant(seconds) * Second
	}
	t := (shown - offsetAt(shown.Time())).Time().In(c.Location)
	begins, ends := t.ZoneBounds()
	c.from, c.to, c.offset = DistantPast, DistantFuture, offsetAt(t)
	if !begins.IsZero() {
		c.from = At(begins) + max(c.offset, offsetAt(begins.Add(-1)))
	}
	if !ends.IsZero() {
		c.to = At(ends) + min(c.offset, offsetAt(ends))
	}
}
