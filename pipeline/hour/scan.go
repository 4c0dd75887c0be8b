package hour

import "time"

// ScanDay reads YYYY-MM-DD at the start of s.
func ScanDay(s string) (d Day, rest string, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, "", false
	}
	year, ok1 := ScanDigits(s[:4])
	month, ok2 := ScanDigits(s[5:7])
	of, ok3 := ScanDigits(s[8:10])
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || of < 1 || of > lengthOf(year, month) {
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

// ScanTimeOfDay reads HH:MM, HH:MM:SS or HH:MM:SS.f at the start of s. What lies
// below a microsecond is cut. 24:00 is the midnight that ends the day.
func ScanTimeOfDay(s string) (ofDay Instant, rest string, ok bool) {
	const wholeDay = 24 * InstantsInHour
	if len(s) < 5 || s[2] != ':' {
		return 0, "", false
	}
	h, ok1 := ScanDigits(s[:2])
	m, ok2 := ScanDigits(s[3:5])
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
	sec, ok := ScanDigits(s[1:3])
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

// A Clock is Local for many times of one zone: it remembers the days that it has
// seen. Its zero value shows UTC.
type Clock struct {
	Location *time.Location
	days     map[Day]civilDay
}

type civilDay struct {
	midnight Instant
	even     bool // 24 hours long, so that the clocks do not change in it
}

const mostClockDays = 1 << 16 // that are remembered

// Local returns the instant at which the clocks show a time of day, from 0 to 24
// hours; its errors are those of the function Local.
func (c *Clock) Local(d Day, ofDay Instant) (Instant, error) {
	const wholeDay = 24 * InstantsInHour
	if c.Location == nil || c.Location == time.UTC {
		return Instant(d)*wholeDay + ofDay, nil
	}
	day, ok := c.days[d]
	if !ok {
		start, err := Local(d, 0, c.Location)
		end, err2 := Local(d+1, 0, c.Location)
		day = civilDay{start, err == nil && err2 == nil && end-start == wholeDay}
		if c.days == nil || len(c.days) >= mostClockDays {
			c.days = map[Day]civilDay{}
		}
		c.days[d] = day
	}
	if day.even {
		return day.midnight + ofDay, nil
	}
	at, err := Local(d, int(ofDay/Minute), c.Location)
	if err == ErrNoSuchTime {
		return at, err
	}
	return at + ofDay%Minute, err
}
