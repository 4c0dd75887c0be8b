package normalize

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hardship/pipeline/source"
)

// headBytes is how much of a file's text is looked at to tell its format. It
// is more than any header or first JSON object of the formats needs.
const headBytes = 64 << 10

// Recognise tells a file's format by its first bytes, unpacked if they are
// gzip, and says why; nothing else of the file counts, and its name does not
// either. Formats whose columns are mapped (csv, tsv, jsonl, parquet) are never
// recognised, since any table fits them.
//
// The error is a *source.FileError. It wraps Unrecognised where no format fits,
// and also has the code WrongFormat where several do.
func Recognise(f File) (format Format, why string, err error) {
	head, err := f.head()
	if err != nil {
		return Format{}, "", err
	}
	var (
		fits     []Format
		declined []declinedFormat
	)
	for _, one := range Formats {
		reason, ok := "", false
		switch {
		case one.sniff != nil:
			reason, ok = one.sniff(head)
		case one.sniffWhole != nil:
			reason, ok = one.sniffWhole(f)
		default:
			continue
		}
		if ok {
			fits, why = append(fits, one), reason
		} else {
			declined = append(declined, declinedFormat{one.Name, reason})
		}
	}
	switch len(fits) {
	case 0:
		return Format{}, "", &source.FileError{File: f.Name, Code: source.WrongFormat, Err: unrecognised(head, declined)}
	case 1:
		return fits[0], why, nil
	}
	var names []string
	for _, one := range fits {
		names = append(names, one.Name)
	}
	return Format{}, "", &source.FileError{File: f.Name, Code: source.WrongFormat, Err: fmt.Errorf("may be of the formats %s; say which is meant with `format:`", strings.Join(names, ", "))}
}

// head returns the first bytes of the file's text.
func (f File) head() ([]byte, error) {
	r, err := f.Reader()
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(r, headBytes))
	var whole *source.FileError
	if err != nil && !errors.As(err, &whole) {
		err = &source.FileError{File: f.Name, Code: source.Unreadable, Err: err}
	}
	return head, err
}

type declinedFormat struct{ name, why string }

// Unrecognised is why each format declined a file.
type Unrecognised struct {
	// Reasons are lines "format, format: reason", the shortest reason first:
	// the less a format misses, the likelier it was meant.
	Reasons []string
	Advice  string // what to do with the file
}

const advice = "a table of your own is read with `format:` csv, tsv, jsonl or parquet, `table:` and `columns:`"

func (u *Unrecognised) Error() string {
	return "no format is recognised: " + strings.Join(u.Reasons, "; ") + "; " + u.Advice
}

// unrecognised says why no format fits. It groups formats with the same reason.
// What a reason says behind a semicolon is what the file has instead, the same for
// all of a kind: it is told once.
func unrecognised(head []byte, declined []declinedFormat) *Unrecognised {
	if as, advice, ok := source.Foreign(head); ok {
		return &Unrecognised{Reasons: []string{"it begins as " + as + " does"}, Advice: advice}
	}
	slices.SortStableFunc(declined, func(a, b declinedFormat) int {
		return cmp.Or(len(a.why)-len(b.why), cmp.Compare(a.why, b.why), cmp.Compare(a.name, b.name))
	})
	u := &Unrecognised{Advice: advice}
	told := map[string]bool{}
	for len(declined) > 0 {
		why := declined[0].why
		var names []string
		for len(declined) > 0 && declined[0].why == why {
			names = append(names, declined[0].name)
			declined = declined[1:]
		}
		if missing, found, ok := strings.Cut(why, "; "); ok && told[found] {
			why = missing
		} else if ok {
			told[found] = true
		}
		u.Reasons = append(u.Reasons, strings.Join(names, ", ")+": "+why)
	}
	return u
}
