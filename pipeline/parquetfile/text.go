package parquetfile

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/parquet-go/parquet-go/format"

	"hardship/pipeline/internal/bitmap"
	"hardship/pipeline/internal/ring"
)

// maxBatchText is the number of bytes after which a batch of strings is cut
// short, whatever its rows.
const maxBatchText = 64 << 20

// texts are strings that lie somewhere in data.
type texts struct {
	data  []byte
	spans []span
}

type span struct{ start, end uint32 }

func (t *texts) at(i int) []byte { return t.data[t.spans[i].start:t.spans[i].end] }

// checkUTF8 refuses what is not text.
func (t *texts) checkUTF8() error {
	for i := range t.spans {
		if !utf8.Valid(t.at(i)) {
			return damaged("text %q is not UTF-8", cut(t.at(i), 40))
		}
	}
	return nil
}

func cut(s []byte, n int) []byte { return s[:min(n, len(s))] }

// A textReader reads strings. Each row has its own copy.
type textReader struct {
	pages pageReader

	dictionary    texts
	hasDictionary bool
	rows          int    // left in the present page
	row           int    // of the page, that comes next
	levels        []byte // of the page, a bit for each row; nil if none is null
	indexes       []uint32
	from          *texts // what the indexes refer to
	lastBytes     int    // of the batch before: likely those of the next

	// Memory used again from page to page.
	plain       texts
	pageIndexes []uint32
	lengths     []int64
	prefixes    []int64
	expanded    []byte
}

func (r *textReader) open(c chunk) {
	r.pages.open(c)
	r.rows, r.hasDictionary = 0, false
}

func (r *textReader) read(n int) (arrow.Array, error) {
	offsets := make([]int32, 1, n+1)
	data := make([]byte, 0, r.lastBytes)
	validity := validityBuilder{rows: n}
	for len(offsets) <= n && len(data) < maxBatchText {
		if r.rows == 0 {
			if err := r.nextPage(); err != nil {
				return nil, err
			}
			continue
		}
		k, present := 0, 0
		for most := min(r.rows, n+1-len(offsets)); k < most && len(data) < maxBatchText; k++ {
			if row := r.row + k; r.levels == nil || r.levels[row>>3]>>(row&7)&1 == 1 {
				data = append(data, r.from.at(int(r.indexes[present]))...)
				present++
			}
			offsets = append(offsets, int32(len(data)))
		}
		validity.append(r.levels, r.row, k, present)
		r.indexes = r.indexes[present:]
		r.row += k
		r.rows -= k
	}
	n = len(offsets) - 1
	r.lastBytes = len(data)
	return newArray(arrow.BinaryTypes.String, n, validity,
		memory.NewBufferBytes(bytesOf(offsets)), memory.NewBufferBytes(data)), nil
}

// nextPage decodes the next page, and a dictionary before it.
func (r *textReader) nextPage() error {
	pg, err := r.pages.next()
	if err != nil {
		return err
	}
	if pg.dictionary {
		if !plainDictionary(pg.encoding) {
			return fault(ErrColumnType, "dictionary in %s encoding", pg.encoding)
		}
		r.dictionary.data = pg.data
		r.pages.release()
		if err := r.dictionary.setPlain(pg.values); err != nil {
			return err
		}
		r.hasDictionary = true
		return r.dictionary.checkUTF8()
	}
	switch {
	case pg.present == 0: // such a page may lack even an empty list of values
		r.pageIndexes = r.pageIndexes[:0]
	case isDictionary(pg.encoding):
		if r.pageIndexes, err = decodeIndexes(r.pageIndexes, pg, r.hasDictionary, len(r.dictionary.spans)); err != nil {
			return err
		}
		r.from = &r.dictionary
	default:
		if err := r.decode(pg); err != nil {
			return err
		}
		if err := r.plain.checkUTF8(); err != nil {
			return err
		}
		r.pageIndexes = resized(r.pageIndexes, pg.present)
		for i := range r.pageIndexes {
			r.pageIndexes[i] = uint32(i)
		}
		r.from = &r.plain
	}
	r.rows, r.row, r.levels, r.indexes = pg.values, 0, pg.levels, r.pageIndexes
	return nil
}

// decode sets r.plain from a page without a dictionary.
func (r *textReader) decode(pg page) error {
	switch pg.encoding {
	case format.Plain:
		r.plain.data = pg.data
		return r.plain.setPlain(pg.present)
	case format.DeltaLengthByteArray:
		r.lengths = resized(r.lengths, pg.present)
		rest, err := decodeDelta(r.lengths, pg.data)
		if err != nil {
			return err
		}
		r.plain.data = rest
		return r.plain.setLengths(r.lengths)
	case format.DeltaByteArray:
		return r.decodePrefixed(pg)
	}
	return fault(ErrColumnType, "encoding %d (%s) of strings", pg.encoding, pg.encoding)
}

// setPlain finds n strings in t.data, each behind its length.
func (t *texts) setPlain(n int) error {
	if n > len(t.data)/4 { // before there is memory for so many
		return damaged("page lacks %d strings", n-len(t.data)/4)
	}
	t.spans = resized(t.spans, n)
	at := 0
	for i := range t.spans {
		if len(t.data)-at < 4 {
			return damaged("page lacks %d strings", n-i)
		}
		length := binary.LittleEndian.Uint32(t.data[at:])
		at += 4
		if uint64(length) > uint64(len(t.data)-at) {
			return damaged("string of %d bytes in a page with %d left", length, len(t.data)-at)
		}
		t.spans[i] = span{uint32(at), uint32(at) + length}
		at += int(length)
	}
	if at != len(t.data) {
		return damaged("%d bytes behind the strings of a page", len(t.data)-at)
	}
	return nil
}

// setWidth finds n values of width bytes in t.data, one behind another.
func (t *texts) setWidth(n, width int) error {
	if len(t.data) != n*width {
		return damaged("page of %d bytes for %d values, expected are %d", len(t.data), n, n*width)
	}
	t.spans = resized(t.spans, n)
	for i := range t.spans {
		t.spans[i] = span{uint32(i * width), uint32((i + 1) * width)}
	}
	return nil
}

// setLengths finds strings of the given lengths in t.data, one behind another.
func (t *texts) setLengths(lengths []int64) error {
	t.spans = resized(t.spans, len(lengths))
	at := 0
	for i, length := range lengths {
		if length < 0 || length > int64(len(t.data)-at) {
			return damaged("string of %d bytes in a page with %d left", length, len(t.data)-at)
		}
		t.spans[i] = span{uint32(at), uint32(at) + uint32(length)}
		at += int(length)
	}
	if at != len(t.data) {
		return damaged("%d bytes behind the strings of a page", len(t.data)-at)
	}
	return nil
}

// decodePrefixed sets r.plain from strings that each share a prefix with the
// one before. A few bytes can stand for very many, so they are counted first.
func (r *textReader) decodePrefixed(pg page) error {
	n := pg.present
	r.prefixes, r.lengths = resized(r.prefixes, n), resized(r.lengths, n)
	rest, err := decodeDelta(r.prefixes, pg.data)
	if err != nil {
		return err
	}
	if rest, err = decodeDelta(r.lengths, rest); err != nil {
		return err
	}
	total, last := int64(0), int64(0)
	for i, prefix := range r.prefixes {
		suffix := r.lengths[i]
		if prefix < 0 || prefix > last || suffix < 0 || suffix > int64(len(rest)) {
			return damaged("string of %d bytes of the last, of %d, and %d more", prefix, last, suffix)
		}
		last = prefix + suffix
		if total += last; total > r.pages.limits.MaxPageBytes {
			return fault(ErrLimit, "page of strings of more than %d bytes (limits.parquet_page_bytes)", r.pages.limits.MaxPageBytes)
		}
	}
	r.expanded = resized(r.expanded, int(total))[:0]
	start := 0
	for i, prefix := range r.prefixes {
		suffix := int(r.lengths[i])
		if suffix > len(rest) {
			return damaged("string of %d more bytes in a page with %d left", suffix, len(rest))
		}
		next := len(r.expanded)
		r.expanded = append(r.expanded, r.expanded[start:start+int(prefix)]...)
		r.expanded = append(r.expanded, rest[:suffix]...)
		rest = rest[suffix:]
		start = next
		r.lengths[i] = int64(len(r.expanded) - next)
	}
	if len(rest) != 0 {
		return damaged("%d bytes behind the strings of a page", len(rest))
	}
	r.plain.data = r.expanded
	return r.plain.setLengths(r.lengths)
}

// A codeReader reads strings as int32 codes into a dictionary, so that no row
// has a copy of its own.
type codeReader struct {
	text textReader
	out  ring.Ring[int32] // memory of arrays

	data    []byte // of the dictionary of the present chunk
	offsets []int32
	array   *array.Data      // the same as an array; nil if strings were added since
	codes   map[string]int32 // of the dictionary's strings, made when a page has none
	page    []int32          // code of each index of the present page; nil if they are the same
}

func (r *codeReader) open(c chunk) {
	r.text.open(c)
	// What went into an array stays there.
	r.data, r.offsets, r.array, r.codes, r.page = nil, []int32{0}, nil, nil, nil
}

var codedString = codedAs(arrow.BinaryTypes.String)

func (r *codeReader) read(n int) (arrow.Array, error) {
	out := r.out.Next(n)
	validity := validityBuilder{rows: n}
	t := &r.text
	for filled := 0; filled < n; {
		if t.rows == 0 {
			if err := r.nextPage(); err != nil {
				return nil, err
			}
			continue
		}
		k, present := min(t.rows, n-filled), 0
		for from, to := range bitmap.Runs(t.levels, t.row, k) {
			r.code(out[filled+from:filled+to], t.indexes[present:])
			present += to - from
		}
		t.indexes = t.indexes[present:]
		validity.append(t.levels, t.row, k, present)
		filled += k
		t.row += k
		t.rows -= k
	}
	if r.array == nil {
		// The array has a copy of the offsets: more may follow.
		offsets := append([]int32(nil), r.offsets...)
		r.array = array.NewData(arrow.BinaryTypes.String, len(offsets)-1, []*memory.Buffer{nil,
			memory.NewBufferBytes(bytesOf(offsets)), memory.NewBufferBytes(r.data)}, nil, 0, 0)
	}
	return newDictionary(codedString, n, validity, memory.NewBufferBytes(bytesOf(out)), r.array), nil
}

// code translates as many indexes of the present page as dst has room for.
func (r *codeReader) code(dst []int32, indexes []uint32) {
	if r.page == nil {
		copy(bytesOf(dst), bytesOf(indexes))
		return
	}
	for i := range dst {
		dst[i] = r.page[indexes[i]]
	}
}

// nextPage decodes the next page and sees to it that the dictionary has its
// strings.
func (r *codeReader) nextPage() error {
	t := &r.text
	hadDictionary := t.hasDictionary
	if err := t.nextPage(); err != nil {
		return err
	}
	if t.hasDictionary && !hadDictionary {
		r.page = nil
		for i := range t.dictionary.spans {
			r.add(t.dictionary.at(i))
		}
		return nil
	}
	if t.from != &t.plain || len(t.indexes) == 0 {
		r.page = nil
		return nil
	}
	if r.codes == nil {
		r.codes = make(map[string]int32, len(r.offsets)-1)
		for i := range len(r.offsets) - 1 {
			s := string(r.data[r.offsets[i]:r.offsets[i+1]])
			if _, ok := r.codes[s]; !ok {
				r.codes[s] = int32(i)
			}
		}
	}
	r.page = make([]int32, len(t.plain.spans))
	for i := range r.page {
		s := t.plain.at(i)
		code, ok := r.codes[string(s)]
		if !ok {
			code = int32(len(r.offsets) - 1)
			r.codes[string(s)] = code
			r.add(s)
			if int64(len(r.data)) > t.pages.limits.MaxPageBytes {
				return fault(ErrLimit, "dictionary of more than %d bytes (limits.parquet_page_bytes)", t.pages.limits.MaxPageBytes)
			}
		}
		r.page[i] = code
	}
	return nil
}

// add appends a string to the dictionary. Arrays made before do not see it.
func (r *codeReader) add(s []byte) {
	r.data = append(r.data, s...)
	r.offsets = append(r.offsets, int32(len(r.data)))
	r.array = nil
}
