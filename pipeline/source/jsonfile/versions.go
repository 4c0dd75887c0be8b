package jsonfile

import (
	"errors"
	"io"
	"iter"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
)

// A Version is one line of an archive of a file's versions: what the file held
// at one commit of the repository that kept it.
type Version struct {
	*Value
	Commit string
	At     hour.Instant // when it was committed
}

// Versions yields the versions of an archive: JSON lines, each an object with
// the keys commit (a hash, whole or cut) and commit_time_utc (RFC 3339), oldest
// first. What a version supersedes depends on that order, so one that is not
// later than all before it is refused. Errors are as in Lines.
func Versions(r io.Reader, name string) iter.Seq2[Version, error] {
	return func(yield func(Version, error) bool) {
		latest := hour.DistantPast
		for line, err := range Lines(r, name) {
			var v Version
			if err == nil {
				v, err = version(line, latest)
			}
			if err != nil {
				v = Version{}
			} else {
				latest = v.At
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

func version(line *Value, latest hour.Instant) (Version, error) {
	commit, err := line.Want("commit", Text)
	if err != nil {
		return Version{}, err
	}
	if !isHash(commit.Text) {
		return Version{}, commit.Bad(source.NotAllowed, errors.New("is not the hash of a commit"))
	}
	at, err := line.Want("commit_time_utc", Text)
	if err != nil {
		return Version{}, err
	}
	t, err := time.Parse(time.RFC3339, at.Text)
	if err != nil {
		return Version{}, at.Bad(source.NotATime, source.ErrNotATime)
	}
	if hour.At(t) <= latest {
		return Version{}, at.Bad(source.Contradiction, errors.New("is not later than the versions before it"))
	}
	return Version{line, commit.Text, hour.At(t)}, nil
}

// isHash reports whether s is 7 to 64 hexadecimal digits: a SHA-1 or SHA-256,
// whole or cut.
func isHash(s string) bool {
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) >= 7 && len(s) <= 64
}
