package parquetfile

import (
	"cmp"
	"errors"
	"hash/crc32"
	"io"
	"math"

	"github.com/parquet-go/parquet-go/format"
)

// A pageHeader holds what of a page's header is needed to read it, checked
// against its chunk and the limits.
type pageHeader struct {
	kind         format.PageType
	compressed   int // bytes in the file
	uncompressed int
	values       int // nulls included
	encoding     format.Encoding
	crc          uint32
	hasCRC       bool

	levelEncoding format.Encoding // of version 1
	nulls         int             // of version 2, as are the next three
	levelBytes    int
	repeatBytes   int
	isCompressed  bool
}

// Fields of the headers by their ids in parquet.thrift.
const (
	headerKind         = 1
	headerUncompressed = 2
	headerCompressed   = 3
	headerCRC          = 4
	headerDataPage     = 5
	headerDictionary   = 7
	headerDataPageV2   = 8
)

// maxHeaderBytes allows for the largest and smallest value of a page, which
// some writers put into its header without cutting them.
const maxHeaderBytes = 16 << 20

// parsePageHeader returns the header at the start of data and its length, or
// errTruncated if data ends before the header does.
func parsePageHeader(data []byte) (pageHeader, int, error) {
	r := thriftReader{data: data}
	h := pageHeader{kind: -1, compressed: -1, uncompressed: -1, values: -1, isCompressed: true}
	detail := int16(0)
	err := r.fields(0, func(id int16, kind byte) (bool, error) {
		switch {
		case kind == thriftStruct && (id == headerDataPage || id == headerDictionary || id == headerDataPageV2):
			detail = id
			return true, h.parseDetail(&r, id)
		case kind != thriftI32:
			return false, nil
		}
		v, err := r.integer()
		if err != nil {
			return true, err
		}
		switch id {
		case headerKind:
			h.kind = format.PageType(v)
		case headerUncompressed:
			h.uncompressed = int32OrLess(v)
		case headerCompressed:
			h.compressed = int32OrLess(v)
		case headerCRC:
			h.crc, h.hasCRC = uint32(v), true
		}
		return true, nil
	})
	if err != nil {
		return h, 0, err
	}
	wants := map[format.PageType]int16{
		format.DataPage: headerDataPage, format.DictionaryPage: headerDictionary, format.DataPageV2: headerDataPageV2,
	}
	want, ok := wants[h.kind]
	if !ok && h.kind != format.IndexPage {
		return h, 0, damaged("page of type %d", h.kind)
	}
	if ok && detail != want {
		return h, 0, damaged("page of type %d with the header of another", h.kind)
	}
	return h, r.pos, nil
}

// parseDetail reads the part of a header that depends on the type of page.
func (h *pageHeader) parseDetail(r *thriftReader, detail int16) error {
	return r.fields(1, func(id int16, kind byte) (bool, error) {
		if detail == headerDataPageV2 && id == 7 && (kind == thriftTrue || kind == thriftFalse) {
			h.isCompressed = kind == thriftTrue
			return true, nil
		}
		if kind != thriftI32 {
			return false, nil
		}
		v, err := r.integer()
		n := int32OrLess(v)
		switch {
		case id == 1:
			h.values = n
		case id == 2 && detail != headerDataPageV2, id == 4 && detail == headerDataPageV2:
			h.encoding = format.Encoding(n)
		case id == 3 && detail == headerDataPage:
			h.levelEncoding = format.Encoding(n)
		case id == 2:
			h.nulls = n
		case id == 5 && detail == headerDataPageV2:
			h.levelBytes = n
		case id == 6 && detail == headerDataPageV2:
			h.repeatBytes = n
		}
		return true, err
	})
}

// int32OrLess returns v, or -1, which no check lets pass, if it is not a size.
func int32OrLess(v int64) int {
	if v < 0 || v > math.MaxInt32 {
		return -1
	}
	return int(v)
}

// check compares a header with the bytes and values left in its chunk. width is the
// chunk's.
func (h *pageHeader) check(bytesLeft, valuesLeft int64, width int, limits Limits) error {
	switch {
	case h.kind == format.IndexPage:
		if h.compressed < 0 || int64(h.compressed) > bytesLeft {
			return damaged("page of %d bytes in a chunk with %d left", h.compressed, bytesLeft)
		}
		return nil
	case h.compressed < 0 || int64(h.compressed) > bytesLeft:
		return damaged("page of %d bytes in a chunk with %d left", h.compressed, bytesLeft)
	case h.uncompressed < 0 || h.values < 0:
		return damaged("page of %d bytes and %d values", h.uncompressed, h.values)
	case int64(h.uncompressed) > limits.MaxPageBytes:
		return fault(ErrLimit, "page of %d bytes, allowed are %d (limits.parquet_page_bytes)", h.uncompressed, limits.MaxPageBytes)
	case h.uncompressed > freePageBytes && int64(h.uncompressed) > int64(h.compressed)*limits.MaxRatio:
		return fault(ErrLimit, "page of %d bytes from %d, allowed is a ratio of %d", h.uncompressed, h.compressed, limits.MaxRatio)
	case h.kind == format.DictionaryPage:
		// Each entry takes four bytes at least, if no width is known.
		if h.values > h.uncompressed/cmp.Or(width, 4) {
			return damaged("dictionary of %d entries in %d bytes", h.values, h.uncompressed)
		}
	case int64(h.values) > valuesLeft:
		return damaged("page of %d values in a chunk with %d left", h.values, valuesLeft)
	case h.nulls < 0 || h.nulls > h.values || h.levelBytes < 0 || h.repeatBytes < 0 ||
		h.levelBytes+h.repeatBytes > min(h.compressed, h.uncompressed):
		return damaged("page of %d values: %d nulls, levels of %d and %d bytes", h.values, h.nulls, h.repeatBytes, h.levelBytes)
	}
	return nil
}

// A page is one page with its levels decoded and its values still encoded.
type page struct {
	dictionary bool
	values     int // nulls included
	encoding   format.Encoding
	levels     []byte // for each value a bit, 0 for a null; nil if there are no nulls
	present    int    // values that are not null
	data       []byte
}

// A pageReader reads the pages of one chunk in order.
type pageReader struct {
	reader   io.ReaderAt
	limits   Limits
	optional bool
	codec    format.CompressionCodec
	width    int // of the chunk
	start    int64
	pos, end int64
	left     int64 // values of data pages still to come
	codecs   *codecs
	window   []byte // bytes of the file from windowAt on
	windowAt int64
	output   []byte // of the codec
	levels   []byte
}

func (p *pageReader) open(c chunk) {
	p.start, p.pos, p.end, p.left, p.codec, p.width = c.start, c.start, c.end, c.values, c.codec, c.width
	p.window = p.window[:0]
}

// release leaves the memory of the last page to the caller.
func (p *pageReader) release() { p.window, p.output = nil, nil }

// fileBytes returns n bytes at offset, valid until the next call. It reads at
// least atLeast bytes of the chunk at once, if there are so many.
func (p *pageReader) fileBytes(offset int64, n, atLeast int) ([]byte, error) {
	if from := offset - p.windowAt; from >= 0 && from+int64(n) <= int64(len(p.window)) {
		return p.window[from : from+int64(n)], nil
	}
	size := int(min(int64(max(n, atLeast)), p.end-offset))
	if cap(p.window) < size {
		p.window = make([]byte, size)
	}
	p.window, p.windowAt = p.window[:size], offset
	if err := readFull(p.reader, p.window, offset); err != nil {
		p.window = p.window[:0]
		return nil, err
	}
	return p.window[:n], nil
}

// header reads and checks the header at p.pos and moves behind it. At the end
// of the chunk it returns io.EOF.
func (p *pageReader) header(atLeast int) (pageHeader, error) {
	if p.pos == p.end {
		if p.left != 0 {
			return pageHeader{}, damaged("chunk ends %d values early", p.left)
		}
		return pageHeader{}, io.EOF
	}
	for size := int64(256); ; size *= 8 {
		size = min(size, p.end-p.pos)
		data, err := p.fileBytes(p.pos, int(size), atLeast)
		if err != nil {
			return pageHeader{}, err
		}
		h, n, err := parsePageHeader(data)
		if errors.Is(err, errTruncated) {
			if size == p.end-p.pos || size >= maxHeaderBytes {
				return h, damaged("page header: %v", err)
			}
			continue
		}
		if err != nil {
			return h, err
		}
		if h.kind == format.DictionaryPage && p.pos != p.start {
			return h, damaged("dictionary behind other pages")
		}
		p.pos += int64(n)
		return h, h.check(p.end-p.pos, p.left, p.width, p.limits)
	}
}

// walk reads the headers of all pages, and no page, and returns the number of
// bytes that they decompress to.
func (p *pageReader) walk() (int64, error) {
	total := int64(0)
	for {
		h, err := p.header(512)
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return 0, err
		}
		p.pos += int64(h.compressed)
		if h.kind == format.DataPage || h.kind == format.DataPageV2 {
			p.left -= int64(h.values)
		}
		total += int64(max(0, h.uncompressed))
	}
}

// next returns the next page, which is valid until the call after, or io.EOF.
// A dictionary comes first.
func (p *pageReader) next() (page, error) {
	h, err := p.header(64 << 10)
	if err != nil {
		return page{}, err
	}
	if h.kind == format.IndexPage {
		p.pos += int64(h.compressed)
		return p.next()
	}
	body, err := p.fileBytes(p.pos, h.compressed, 0)
	if err != nil {
		return page{}, err
	}
	p.pos += int64(h.compressed)
	if h.hasCRC && crc32.ChecksumIEEE(body) != h.crc {
		return page{}, damaged("checksum of a page is wrong")
	}
	pg := page{dictionary: h.kind == format.DictionaryPage, values: h.values, encoding: h.encoding, present: h.values}
	if !pg.dictionary {
		p.left -= int64(h.values)
	}
	if h.kind == format.DataPageV2 {
		return p.dataPageV2(pg, h, body)
	}
	if pg.data, err = p.decompress(p.codec, body, h.uncompressed); err != nil || pg.dictionary {
		return pg, err
	}
	if p.optional {
		if h.levelEncoding != format.RLE {
			return page{}, fault(ErrColumnType, "levels in %s encoding", h.levelEncoding)
		}
		levels, rest, err := cutPrefixed(pg.data)
		if err != nil {
			return page{}, err
		}
		pg.data = rest
		if err := p.decodeLevels(&pg, levels); err != nil {
			return page{}, err
		}
	}
	return pg, nil
}

// dataPageV2 reads a page whose levels lie before the compressed part.
func (p *pageReader) dataPageV2(pg page, h pageHeader, body []byte) (page, error) {
	levels, body := body[h.repeatBytes:h.repeatBytes+h.levelBytes], body[h.repeatBytes+h.levelBytes:]
	codec := p.codec
	if !h.isCompressed {
		codec = format.Uncompressed
	}
	var err error
	if pg.data, err = p.decompress(codec, body, h.uncompressed-h.repeatBytes-h.levelBytes); err != nil {
		return page{}, err
	}
	if p.optional {
		if err := p.decodeLevels(&pg, levels); err != nil {
			return page{}, err
		}
	}
	if pg.present != h.values-h.nulls {
		return page{}, damaged("page claims %d nulls and has %d", h.nulls, h.values-pg.present)
	}
	return pg, nil
}

// decompress returns the size bytes of src, valid until the next page.
func (p *pageReader) decompress(codec format.CompressionCodec, src []byte, size int) ([]byte, error) {
	if codec == format.Uncompressed && len(src) == size {
		return src, nil
	}
	p.output = resized(p.output, size+64)[:size]
	return p.output, p.codecs.decompress(codec, p.output, src)
}

func (p *pageReader) decodeLevels(pg *page, data []byte) error {
	if allOnes(data, pg.values) {
		return nil
	}
	p.levels = resized(p.levels, (pg.values+7)/8)
	clear(p.levels)
	present, err := decodeLevels(p.levels, pg.values, data)
	pg.levels, pg.present = p.levels, present
	return err
}

// resized returns a slice of n elements, with the memory of s if that suffices.
// The elements are arbitrary.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
