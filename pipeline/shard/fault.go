package shard

import (
	"fmt"

	"hardship/pipeline/source"
)

// The codes of what can be wrong with partials and with the streams of a
// worker.
const (
	Incomplete source.Code = "H0401" // a stream that ends without its end marker, or a stream or partial that lacks rows
	Version    source.Code = "H0402" // columns or a version that this program does not know
	Unsorted   source.Code = "H0403" // rows of areas that are interleaved, or out of order within one
	NullKey    source.Code = "H0404"
	Foreign    source.Code = "H0405" // a partial of another run
	Missing    source.Code = "H0406" // a shard or an area that no partial holds
	Twice      source.Code = "H0407" // a shard or an area that two partials hold
)

// Codes are all of them, in order.
var Codes = []source.Code{Incomplete, Version, Unsorted, NullKey, Foreign, Missing, Twice}

// fault is an error of a partial or stream, with its code.
func fault(file string, code source.Code, format string, args ...any) error {
	return &source.FileError{File: file, Code: code, Err: fmt.Errorf(format, args...)}
}
