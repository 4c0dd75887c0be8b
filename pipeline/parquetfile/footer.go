package parquetfile

import (
	"errors"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Fields of the footer's structures that the guard looks at, by their ids in
// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
const (
	fileSchema      = 2
	fileRowGroups   = 4
	elementChildren = 5
	groupColumns    = 1
)

// readFooter checks the bytes of a footer and decodes them.
//
// The decoder makes room for a list of any announced length and follows any
// depth of structure, so checkFooter goes first.
func readFooter(footer []byte, limits Limits) (*format.FileMetaData, error) {
	if err := checkFooter(footer, limits); err != nil {
		return nil, err
	}
	meta := new(format.FileMetaData)
	err := guarded(func() error {
		r := new(thrift.CompactProtocol).NewReaderFromBytes(footer)
		if err := thrift.NewDecoder(r).Decode(meta); err != nil {
			return damaged("footer: %v", err)
		}
		return nil
	})
	return meta, err
}

func checkFooter(footer []byte, limits Limits) error {
	r := thriftReader{data: footer}
	var hasSchema, hasRowGroups bool
	err := r.fields(0, func(id int16, kind byte) (bool, error) {
		switch {
		case id == fileSchema && kind == thriftList && !hasSchema:
			hasSchema = true
			return true, checkSchema(&r, limits)
		case id == fileRowGroups && kind == thriftList && !hasRowGroups:
			hasRowGroups = true
			return true, checkRowGroups(&r)
		case id == fileSchema || id == fileRowGroups:
			return false, damaged("footer: field %d twice or of type %d", id, kind)
		}
		return false, nil
	})
	switch {
	case errors.Is(err, errTruncated):
		return damaged("footer: %v", err)
	case err != nil:
		return err
	case r.left() != 0:
		return damaged("footer: %d bytes after its end (a signed footer is not supported)", r.left())
	}
	return nil
}

// checkSchema bounds the number of elements and the depth of the tree that
// they describe, parents first.
func checkSchema(r *thriftReader, limits Limits) error {
	kind, n, err := r.list()
	if err != nil {
		return err
	}
	if n > 0 && kind != thriftStruct {
		return damaged("footer: schema of type %d", kind)
	}
	if int64(n) > limits.MaxColumns+1 {
		return fault(ErrLimit, "%d columns, allowed are %d (limits.columns)", n-1, limits.MaxColumns)
	}
	open := make([]int64, 0, maxSchemaDepth) // children still to come, by level
	for i := range n {
		children := int64(0)
		err := r.fields(1, func(id int16, kind byte) (read bool, err error) {
			if id == elementChildren && kind == thriftI32 {
				children, err = r.integer()
				return true, err
			}
			return false, nil
		})
		if err != nil {
			return err
		}
		if i > 0 {
			if len(open) == 0 {
				return damaged("footer: schema has elements without a parent")
			}
			open[len(open)-1]--
		}
		if children < 0 || children > int64(n-1-i) {
			return damaged("footer: schema element %d claims %d children", i, children)
		}
		open = append(open, children)
		if len(open) > maxSchemaDepth {
			return fault(ErrLimit, "schema of more than %d levels", maxSchemaDepth)
		}
		for len(open) > 0 && open[len(open)-1] == 0 {
			open = open[:len(open)-1]
		}
	}
	if len(open) != 0 {
		return damaged("footer: schema lacks elements")
	}
	return nil
}

func checkRowGroups(r *thriftReader) error {
	kind, groups, err := r.list()
	if err != nil {
		return err
	}
	if groups > 0 && kind != thriftStruct {
		return damaged("footer: row groups of type %d", kind)
	}
	if groups > maxRowGroups {
		return fault(ErrLimit, "%d row groups, allowed are %d", groups, maxRowGroups)
	}
	chunks := 0
	for range groups {
		err := r.fields(1, func(id int16, kind byte) (bool, error) {
			if id != groupColumns {
				return false, nil
			}
			if kind != thriftList {
				return false, damaged("footer: columns of type %d", kind)
			}
			return true, checkChunks(r, &chunks)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func checkChunks(r *thriftReader, total *int) error {
	kind, n, err := r.list()
	if err != nil {
		return err
	}
	if n > 0 && kind != thriftStruct {
		return damaged("footer: column chunks of type %d", kind)
	}
	if *total += n; *total > maxChunks {
		return fault(ErrLimit, "more than %d column chunks", maxChunks)
	}
	for range n {
		start := r.pos
		if err := r.fields(2, visitNothing); err != nil {
			return err
		}
		if r.pos-start < minChunkBytes {
			return damaged("footer: column chunk of %d bytes", r.pos-start)
		}
	}
	return nil
}
