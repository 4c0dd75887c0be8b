package parquetfile

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"hardship/pipeline/internal/bitmap"
)

// A columnWriter encodes one column of a row group: the page that is being
// filled, and the pages that are done. Values of text go to a dictionary, as do
// numbers that are few; all others stand as they are. Nulls take a level and no
// value.
type columnWriter struct {
	nullable  bool
	physical  format.Type
	series    bool // of dates or times, which go on from row to row: no dictionary
	zstd      *zstd.Encoder
	zstdPlain *zstd.Encoder // of pages of numbers as they are

	// The page.
	rows   int
	nulls  int
	levels pageBits // 1 for a value; made once there is a null
	values []byte
	truths pageBits // of truth values, those that are there
	codes  []int32  // of text, and of numbers when the page ends
	least  []byte   // and greatest value, as statistics hold them; nil without a value
	most   []byte
	plain  []byte // scratch
	packed []byte // likewise

	// The row group.
	texts      map[string]int32
	dictionary []byte // of texts
	numbers    numberDictionary
	known      *array.String // the dictionary of the last record of codes
	translated []int32       // its codes here; −1 before they are used
	done       []byte        // pages, with their headers
	pages      []writtenPage
	unpacked   int64
}

// A writtenPage is what the indexes say of a page.
type writtenPage struct {
	offset, size int // in columnWriter.done
	rows, nulls  int
	least, most  []byte
}

// reset begins a row group.
func (c *columnWriter) reset() {
	c.texts, c.dictionary, c.known = nil, c.dictionary[:0], nil
	c.numbers.reset()
	c.done, c.pages, c.unpacked = c.done[:0], nil, 0
}

// add adds the rows [from, to) of an array to the page.
func (c *columnWriter) add(column arrow.Array, from, to int) error {
	valid, first, n := column.NullBitmapBytes(), column.Data().Offset()+from, to-from
	nulls := nullsOf(column, from, to)
	if nulls == 0 {
		valid = nil
	} else if !c.nullable {
		return fault(ErrValue, "null among the rows from %d on of a record, in a field that has none", from)
	}
	present := c.rows - c.nulls
	c.addLevels(valid, first, n, nulls)
	if nulls == n {
		return nil
	}
	switch a := column.(type) {
	case *array.Boolean:
		values := a.Data().Buffers()[1].Bytes()
		for from, to := range bitmap.Runs(valid, first, n) {
			c.truths.add(present, values, first+from, to-from)
			present += to - from
		}
	case *array.Int32:
		addNumbers(c, a.Int32Values()[from:to], valid, first)
	case *array.Date32:
		addNumbers(c, a.Date32Values()[from:to], valid, first)
	case *array.Int64:
		addNumbers(c, a.Int64Values()[from:to], valid, first)
	case *array.Timestamp:
		addNumbers(c, a.TimestampValues()[from:to], valid, first)
	case *array.Float64:
		if nan := addNumbers(c, a.Float64Values()[from:to], valid, first); nan >= 0 {
			return fault(ErrValue, "NaN in row %d of a record: files have nulls", from+nan)
		}
	case *array.String:
		for begin, end := range bitmap.Runs(valid, first, n) {
			for row := from + begin; row < from+end; row++ {
				code, err := c.codeOf(a.Value(row))
				if err != nil {
					return err
				}
				c.codes = append(c.codes, code)
			}
		}
	case *array.Dictionary:
		for begin, end := range bitmap.Runs(valid, first, n) {
			if err := c.addCodes(a, from+begin, from+end); err != nil {
				return err
			}
		}
	default:
		return fault(ErrColumnType, "%s cannot be written", column.DataType())
	}
	return nil
}

// addLevels adds the levels of n rows whose validity begins at bit first; valid is
// nil if all have a value.
func (c *columnWriter) addLevels(valid []byte, first, n, nulls int) {
	if nulls > 0 && c.nulls == 0 {
		c.levels.add(0, nil, 0, c.rows)
	}
	if c.nulls += nulls; c.nulls > 0 && nulls < n {
		c.levels.add(c.rows, valid, first, n)
	}
	c.rows += n
}

// nullsOf counts the nulls among rows of an array.
func nullsOf(column arrow.Array, from, to int) int {
	bits := column.NullBitmapBytes()
	switch nulls := column.NullN(); {
	case bits == nil || nulls == 0:
		return 0
	case nulls == column.Len():
		return to - from
	}
	return to - from - bitutil.CountSetBits(bits, column.Data().Offset()+from, to-from)
}

// codeOf returns the code of a text in the dictionary of the row group.
func (c *columnWriter) codeOf(text string) (int32, error) {
	if code, ok := c.texts[text]; ok {
		return code, nil
	}
	if !utf8.ValidString(text) {
		return 0, fault(ErrValue, "text %q is not UTF-8", cut([]byte(text), 40))
	}
	if c.texts == nil {
		c.texts = map[string]int32{}
	}
	code := int32(len(c.texts))
	c.dictionary = binary.LittleEndian.AppendUint32(c.dictionary, uint32(len(text)))
	start := len(c.dictionary)
	c.dictionary = append(c.dictionary, text...)
	c.texts[string(c.dictionary[start:])] = code
	return code, nil
}

// addCodes adds rows of text that is coded already, none of them null.
func (c *columnWriter) addCodes(a *array.Dictionary, from, to int) error {
	texts, ok := a.Dictionary().(*array.String)
	if !ok {
		return fault(ErrColumnType, "dictionary of %s", a.Dictionary().DataType())
	}
	if c.known == nil || c.known.Data() != texts.Data() {
		c.known, c.translated = texts, make([]int32, texts.Len())
		for i := range c.translated {
			c.translated[i] = -1
		}
	}
	indices := a.Indices().(*array.Int32).Int32Values()[:to]
	at := len(c.codes) - from // of row 0
	c.codes = slices.Grow(c.codes, to-from)[:at+to]
	for row := from; row < to; {
		index := indices[row]
		code := c.translated[index]
		if code < 0 {
			if texts.IsNull(int(index)) {
				return fault(ErrValue, "the dictionary has a null that row %d uses", row)
			}
			var err error
			if code, err = c.codeOf(texts.Value(int(index))); err != nil {
				return err
			}
			c.translated[index] = code
		}
		for ; row < to && indices[row] == index; row++ {
			c.codes[at+row] = code
		}
	}
	return nil
}

// bound widens the page's statistics.
func (c *columnWriter) bound(least, most []byte) {
	if c.least == nil || c.compare(least, c.least) < 0 {
		c.least = least
	}
	if c.most == nil || c.compare(most, c.most) > 0 {
		c.most = most
	}
}

// compare orders two values as statistics hold them.
func (c *columnWriter) compare(a, b []byte) int {
	switch c.physical {
	case format.Int32:
		return cmp.Compare(int32(binary.LittleEndian.Uint32(a)), int32(binary.LittleEndian.Uint32(b)))
	case format.Int64:
		return cmp.Compare(int64(binary.LittleEndian.Uint64(a)), int64(binary.LittleEndian.Uint64(b)))
	case format.Double:
		return cmp.Compare(math.Float64frombits(binary.LittleEndian.Uint64(a)), math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return bytes.Compare(a, b) // truth values and text
}

// endPage encodes the page.
func (c *columnWriter) endPage() error {
	if c.rows == 0 {
		return nil
	}
	c.plain = c.plain[:0]
	if c.nullable {
		c.plain = append(c.plain, 0, 0, 0, 0)
		if c.nulls == 0 {
			c.plain = append(binary.AppendUvarint(c.plain, uint64(c.rows)<<1), 1)
		} else {
			c.plain = c.levels.appendTo(c.plain, c.rows)
		}
		binary.LittleEndian.PutUint32(c.plain, uint32(len(c.plain)-4))
	}
	encoding, encoder := format.Plain, c.zstd
	switch c.physical {
	case format.Boolean:
		c.packTruths(c.rows - c.nulls)
	case format.ByteArray:
		encoding = format.RLEDictionary
		c.boundTexts()
		c.appendCodes(len(c.texts))
	default:
		if !c.codeNumbers() {
			c.plain = append(c.plain, c.values...)
			encoder = c.zstdPlain
			break
		}
		encoding = format.RLEDictionary
		c.appendCodes(len(c.numbers.bits))
	}
	if c.physical == format.Double && c.least != nil { // a zero of either sign lies between these
		if math.Float64frombits(binary.LittleEndian.Uint64(c.least)) == 0 {
			c.least = binary.LittleEndian.AppendUint64(nil, 1<<63)
		}
		if math.Float64frombits(binary.LittleEndian.Uint64(c.most)) == 0 {
			c.most = make([]byte, 8)
		}
	}
	page := writtenPage{offset: len(c.done), rows: c.rows, nulls: c.nulls, least: c.least, most: c.most}
	var err error
	c.done, err = c.appendPage(c.done, c.plain, encoder, func(h *format.PageHeader) {
		h.Type = format.DataPage
		h.DataPageHeader = thrift.New(format.DataPageHeader{NumValues: int32(c.rows), Encoding: encoding, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE})
	})
	page.size = len(c.done) - page.offset
	c.pages = append(c.pages, page)
	if c.nulls > 0 {
		clear(c.levels[:])
	}
	c.rows, c.nulls, c.least, c.most = 0, 0, nil, nil
	c.values, c.codes = c.values[:0], c.codes[:0]
	return err
}

// appendCodes adds codes in a dictionary of so many values to the page.
func (c *columnWriter) appendCodes(values int) {
	width := max(1, bits.Len(uint(max(0, values-1))))
	c.plain = appendRuns(append(c.plain, byte(width)), c.codes, width)
}

// packTruths adds the n truth values to the page, eight to a byte.
func (c *columnWriter) packTruths(n int) {
	if n == 0 {
		return
	}
	first := byte(c.truths.word(0) & 1)
	c.bound([]byte{first}, []byte{first})
	if c.truths.run(0, n) < n {
		c.bound([]byte{1 - first}, []byte{1 - first})
	}
	for at := 0; at < n; at += 8 {
		c.plain = append(c.plain, byte(c.truths.word(at)))
	}
	clear(c.truths[:])
}

// boundTexts finds the least and the greatest text of the page.
func (c *columnWriter) boundTexts() {
	seen := make([]bool, len(c.texts))
	for _, code := range c.codes {
		seen[code] = true
	}
	at := 0
	for code := range seen {
		size := int(binary.LittleEndian.Uint32(c.dictionary[at:]))
		text := c.dictionary[at+4 : at+4+size]
		at += 4 + size
		if seen[code] {
			c.bound(text, text)
		}
	}
	if c.least != nil {
		c.least, c.most = bytes.Clone(shortened(c.least)), atLeast(c.most)
	}
}

// statisticsBytes is how long a text may be in statistics. A longer one stands
// for itself by what sorts before it or after it.
const statisticsBytes = 64

// shortened returns the beginning of a text, which sorts before it.
func shortened(text []byte) []byte {
	if len(text) <= statisticsBytes {
		return text
	}
	n := statisticsBytes
	for !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// lastRune is the character that sorts after all others.
const lastRune = "\U0010FFFF"

// atLeast returns the text, or one that sorts after it.
func atLeast(text []byte) []byte {
	if start := shortened(text); len(start) < len(text) && !bytes.HasPrefix(text[len(start):], []byte(lastRune)) {
		return append(bytes.Clone(start), lastRune...)
	}
	return bytes.Clone(text)
}

// appendPage compresses a page and appends it with its header.
func (c *columnWriter) appendPage(to, content []byte, encoder *zstd.Encoder, describe func(*format.PageHeader)) ([]byte, error) {
	c.packed = encoder.EncodeAll(content, c.packed[:0])
	header := format.PageHeader{UncompressedPageSize: int32(len(content)), CompressedPageSize: int32(len(c.packed)), CRC: int32(crc32.ChecksumIEEE(c.packed))}
	describe(&header)
	encoded, err := thrift.Marshal(new(thrift.CompactProtocol), &header)
	if err != nil {
		return to, err
	}
	c.unpacked += int64(len(encoded) + len(content))
	return append(append(to, encoded...), c.packed...), nil
}

// dictionaryPage returns the page of the texts or numbers that have codes; nil
// for a column without.
func (c *columnWriter) dictionaryPage() ([]byte, error) {
	content, values := c.dictionary, len(c.texts)
	if c.physical != format.ByteArray {
		if content, values = c.numbers.plain(c.physical), len(c.numbers.bits); values == 0 {
			return nil, nil
		}
	}
	return c.appendPage(nil, content, c.zstd, func(h *format.PageHeader) {
		h.Type = format.DictionaryPage
		h.DictionaryPageHeader = thrift.New(format.DictionaryPageHeader{NumValues: int32(values), Encoding: format.Plain})
	})
}
