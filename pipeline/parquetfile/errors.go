package parquetfile

import (
	"errors"
	"fmt"
	"strings"
)

// What went wrong, for errors.Is. An error of the reader or writer below is
// passed on as it is and wraps none of these.
var (
	ErrDamaged    = errors.New("damaged file")           // contradicts itself or the format
	ErrLimit      = errors.New("limit exceeded")         // asks for more than Limits allow
	ErrNoColumn   = errors.New("no such column")         // the file has no column of that name
	ErrColumnType = errors.New("unsupported column")     // of a type, encoding or codec not read or written here
	ErrValue      = errors.New("value cannot be stored") // does not fit the type it is converted to
)

// An Error says where in a file something went wrong.
type Error struct {
	File     string // as the caller named it; "" when writing
	RowGroup int    // from 0; -1 outside of row groups
	Column   string // "" outside of columns
	Err      error
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		fmt.Fprintf(&b, "%s: ", e.File)
	}
	if e.RowGroup >= 0 {
		fmt.Fprintf(&b, "row group %d: ", e.RowGroup)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, "column %q: ", e.Column)
	}
	return b.String() + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// fault returns an error of one of the kinds above.
func fault(kind error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", kind, fmt.Sprintf(format, args...))
}

func damaged(format string, args ...any) error { return fault(ErrDamaged, format, args...) }

// guarded calls f and turns a panic into ErrDamaged. It surrounds every call
// into code that decodes foreign bytes, in the goroutine that makes it.
func guarded(f func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = damaged("decoder gave up: %v", cause)
		}
	}()
	return f()
}
