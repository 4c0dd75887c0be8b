package parquetfile

import (
	"encoding/binary"
	"errors"
)

// Thrift compact protocol, as far as the guard needs it:
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md

const (
	thriftStop   = 0
	thriftTrue   = 1 // as a field, the type is the value
	thriftFalse  = 2
	thriftI8     = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
	thriftUUID   = 13

	maxThriftDepth = 24 // Parquet's own structures are 9 deep
)

// errTruncated reports that the bytes end within a value. For a page header it
// means that more of the file has to be read.
var errTruncated = errors.New("structure ends early")

// A thriftReader steps over the bytes of a structure. It allocates nothing, so
// no length found in a file costs more than the bytes that are there.
type thriftReader struct {
	data []byte
	pos  int
}

func (r *thriftReader) left() int { return len(r.data) - r.pos }

func (r *thriftReader) advance(n int) error {
	if n > r.left() {
		return errTruncated
	}
	r.pos += n
	return nil
}

func (r *thriftReader) byte() (byte, error) {
	if r.left() == 0 {
		return 0, errTruncated
	}
	r.pos++
	return r.data[r.pos-1], nil
}

func (r *thriftReader) uvarint() (uint64, error) {
	v, n := binary.Uvarint(r.data[r.pos:])
	if n == 0 {
		return 0, errTruncated
	}
	if n < 0 {
		return 0, damaged("number of more than 64 bits")
	}
	r.pos += n
	return v, nil
}

// integer reads an i16, i32 or i64.
func (r *thriftReader) integer() (int64, error) {
	u, err := r.uvarint()
	return int64(u>>1) ^ -int64(u&1), err
}

// list reads the head of a list or set: the type and number of its elements.
// Each element takes a byte at least.
func (r *thriftReader) list() (kind byte, n int, err error) {
	head, err := r.byte()
	if err != nil {
		return 0, 0, err
	}
	size := uint64(head >> 4)
	if size == 15 {
		if size, err = r.uvarint(); err != nil {
			return 0, 0, err
		}
	}
	if size > uint64(r.left()) {
		return 0, 0, errTruncated
	}
	return head & 15, int(size), nil
}

// fields reads a struct. visit is called with the id and type of each field
// and reads its value; where it returns false, fields skips the value.
func (r *thriftReader) fields(depth int, visit func(id int16, kind byte) (bool, error)) error {
	if depth > maxThriftDepth {
		return fault(ErrLimit, "structure of more than %d levels", maxThriftDepth)
	}
	id := int16(0)
	for {
		head, err := r.byte()
		if err != nil {
			return err
		}
		kind := head & 15
		if kind == thriftStop {
			return nil
		}
		if delta := head >> 4; delta != 0 {
			id += int16(delta)
		} else {
			v, err := r.integer()
			if err != nil {
				return err
			}
			id = int16(v)
		}
		read, err := visit(id, kind)
		if err != nil {
			return err
		}
		if !read {
			if err := r.skip(kind, depth); err != nil {
				return err
			}
		}
	}
}

func visitNothing(int16, byte) (bool, error) { return false, nil }

// skip steps over the value of a field. depth is that of the enclosing struct.
func (r *thriftReader) skip(kind byte, depth int) error {
	switch kind {
	case thriftTrue, thriftFalse:
		return nil
	case thriftI8:
		return r.advance(1)
	case thriftI16, thriftI32, thriftI64:
		_, err := r.uvarint()
		return err
	case thriftDouble:
		return r.advance(8)
	case thriftUUID:
		return r.advance(16)
	case thriftBinary:
		n, err := r.uvarint()
		if err != nil {
			return err
		}
		if n > uint64(r.left()) {
			return errTruncated
		}
		return r.advance(int(n))
	case thriftStruct:
		return r.fields(depth+1, visitNothing)
	case thriftList, thriftSet:
		element, n, err := r.list()
		for i := 0; i < n && err == nil; i++ {
			err = r.skipElement(element, depth+1)
		}
		return err
	case thriftMap:
		return r.skipMap(depth + 1)
	}
	return damaged("field of unknown type %d", kind)
}

// skipElement differs from skip in that a bool has a byte of its own.
func (r *thriftReader) skipElement(kind byte, depth int) error {
	if depth > maxThriftDepth {
		return fault(ErrLimit, "structure of more than %d levels", maxThriftDepth)
	}
	if kind == thriftTrue || kind == thriftFalse {
		return r.advance(1)
	}
	return r.skip(kind, depth)
}

func (r *thriftReader) skipMap(depth int) error {
	n, err := r.uvarint()
	if err != nil || n == 0 {
		return err
	}
	if n > uint64(r.left()) {
		return errTruncated
	}
	kinds, err := r.byte()
	for i := uint64(0); i < n && err == nil; i++ {
		if err = r.skipElement(kinds>>4, depth); err == nil {
			err = r.skipElement(kinds&15, depth)
		}
	}
	return err
}
