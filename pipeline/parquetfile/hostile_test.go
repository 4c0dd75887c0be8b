package parquetfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// A forgery is a file of one column x with one row group, made by hand. Its
// parts may contradict each other.
type forgery struct {
	physical format.Type
	optional bool
	codec    format.CompressionCodec
	rows     int64
	pages    [][]byte
	change   func(*format.FileMetaData)
}

func marshal(v any) []byte {
	data, err := thrift.Marshal(new(thrift.CompactProtocol), v)
	if err != nil {
		panic(err)
	}
	return data
}

// enclosed puts a footer around the bytes of a file.
func enclosed(pages, footer []byte) []byte {
	file := append([]byte(Magic), pages...)
	file = append(file, footer...)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(footer)))
	return append(file, Magic...)
}

func (f forgery) bytes() []byte {
	pages := bytes.Join(f.pages, nil)
	repetition := format.Required
	if f.optional {
		repetition = format.Optional
	}
	meta := &format.FileMetaData{
		Version: 1,
		Schema: []format.SchemaElement{
			{Name: "schema", NumChildren: thrift.New[int32](1)},
			{Name: "x", Type: thrift.New(f.physical), RepetitionType: thrift.New(repetition)},
		},
		NumRows: f.rows,
		RowGroups: []format.RowGroup{{NumRows: f.rows, Columns: []format.ColumnChunk{{MetaData: format.ColumnMetaData{
			Type: f.physical, Encoding: []format.Encoding{format.Plain}, PathInSchema: []string{"x"}, Codec: f.codec,
			NumValues: f.rows, DataPageOffset: 4, TotalCompressedSize: int64(len(pages)), TotalUncompressedSize: int64(len(pages)),
		}}}}},
	}
	if f.change != nil {
		f.change(meta)
	}
	return enclosed(pages, marshal(meta))
}

// dataPage returns a page of version 1 with a right header, which change may
// spoil.
func dataPage(encoding format.Encoding, values int32, body []byte, change func(*format.PageHeader)) []byte {
	h := &format.PageHeader{
		Type: format.DataPage, UncompressedPageSize: int32(len(body)), CompressedPageSize: int32(len(body)),
		DataPageHeader: thrift.New(format.DataPageHeader{NumValues: values, Encoding: encoding,
			DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE}),
	}
	if change != nil {
		change(h)
	}
	return append(marshal(h), body...)
}

func dictionaryPage(values int32, body []byte) []byte {
	return append(marshal(&format.PageHeader{
		Type: format.DictionaryPage, UncompressedPageSize: int32(len(body)), CompressedPageSize: int32(len(body)),
		DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{NumValues: values, Encoding: format.Plain}),
	}), body...)
}

func uvarints(values ...uint64) []byte {
	var b []byte
	for _, v := range values {
		b = binary.AppendUvarint(b, v)
	}
	return b
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// readBytes reads all that can be read of a file and returns the first error.
func readBytes(data []byte, limits Limits, dictionary bool) (rows int64, err error) {
	f, err := Open(bytes.NewReader(data), int64(len(data)), "forged", limits)
	if err != nil {
		return 0, err
	}
	for record, err := range f.Batches(columnNames(f), codedOptions(f, dictionary)) {
		if err != nil {
			return rows, err
		}
		rows += record.NumRows()
	}
	return rows, nil
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestHostileFilesCostLittleAndSayWhy(t *testing.T) {
	int64s := func(n int) []byte { return make([]byte, 8*n) }
	claim := func(change func(*format.PageHeader)) []byte { return dataPage(format.Plain, 10, int64s(10), change) }
	zeros, _ := zstd.NewWriter(nil)
	bomb := zeros.EncodeAll(make([]byte, 100<<20), nil)
	snappyBomb := append(binary.AppendUvarint(nil, 1<<32-1), 0, 0)
	manyGroups := bytes.Repeat([]byte{0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07}, 10)

	// Each of 10,000 strings is the one before and 100 bytes more.
	blocks := func(first, step uint64) []byte {
		b := uvarints(128, 4, 10_000, 2*first)
		for range (10_000-1)/128 + 1 {
			b = append(append(b, uvarints(2*step)...), 0, 0, 0, 0)
		}
		return b
	}
	growing := join(blocks(0, 100), blocks(100, 0), make([]byte, 100*10_000))

	// One row group, with 100,000 column chunks that are empty structures.
	emptyChunks := join([]byte{0x15, 2, 0x19, 0x1c, 0x48, 0, 0, 0x29, 0x1c, 0x19, 0xfc}, uvarints(100_000), make([]byte, 100_000), []byte{0, 0})

	for _, tt := range []struct {
		name string
		file []byte
		want error
		say  string
	}{
		{"nothing", nil, ErrDamaged, "too few"},
		{"no magic number", append(make([]byte, 20), "PAR1"...), ErrDamaged, "starts with"},
		{"an encrypted footer", append([]byte("PARE"), "0123456789PARE"...), ErrColumnType, "encrypted"},
		{"half an encrypted footer", append([]byte("PAR1"), "0123456789PARE"...), ErrDamaged, "ends with"},
		{"a footer larger than the file", append([]byte("PAR1"), "\xff\xff\x00\x00PAR1"...), ErrDamaged, "footer of 65535 bytes"},
		{"an empty footer", enclosed(nil, nil), ErrDamaged, "ends early"},
		{"a footer without a schema", enclosed(nil, []byte{0}), ErrDamaged, "footer"},
		{"a schema of two billion elements", enclosed(nil, []byte{0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07}), ErrDamaged, "ends early"},
		{"lists of two billion elements", enclosed(nil, manyGroups), ErrDamaged, "footer"},
		{"a million levels of structure", enclosed(nil, bytes.Repeat([]byte{0xbc}, 1<<20)), ErrLimit, "levels"},
		{"a million levels of lists", enclosed(nil, append([]byte{0xb9}, bytes.Repeat([]byte{0x19}, 1<<20)...)), ErrLimit, "levels"},
		{"a schema of 1,000 levels", forgery{change: func(m *format.FileMetaData) {
			for range 1000 {
				m.Schema = append([]format.SchemaElement{{Name: "g", NumChildren: thrift.New[int32](1)}}, m.Schema...)
			}
		}}.bytes(), ErrLimit, "levels"},
		{"a schema of 10,000 columns", forgery{change: func(m *format.FileMetaData) {
			m.Schema[0].NumChildren.V = 10_000
			m.Schema = append(m.Schema[:1], make([]format.SchemaElement, 10_000)...)
		}}.bytes(), ErrLimit, "10000 columns"},
		{"a schema that lacks columns", forgery{change: func(m *format.FileMetaData) { m.Schema[0].NumChildren.V = 2 }}.bytes(), ErrDamaged, "claims 2 children"},
		{"100,000 column chunks of a byte", enclosed(nil, emptyChunks), ErrDamaged, "column chunk of 1 bytes"},

		{"more rows than allowed", forgery{rows: 1 << 40}.bytes(), ErrLimit, "rows"},
		{"rows that do not add up", forgery{rows: 10, change: func(m *format.FileMetaData) { m.NumRows = 11 }}.bytes(), ErrDamaged, ""},
		{"a negative number of rows", forgery{rows: -1}.bytes(), ErrDamaged, "-1 rows"},
		{"a chunk outside of the file", forgery{rows: 10, pages: [][]byte{claim(nil)}, change: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.DataPageOffset = 1 << 40
		}}.bytes(), ErrDamaged, "offset"},
		{"a chunk before the file", forgery{rows: 10, pages: [][]byte{claim(nil)}, change: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.DataPageOffset = -5
		}}.bytes(), ErrDamaged, "offset"},
		{"a chunk longer than the file", forgery{rows: 10, pages: [][]byte{claim(nil)}, change: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.TotalCompressedSize = 1<<63 - 1
		}}.bytes(), ErrDamaged, "column chunk of"},
		{"row groups of the same bytes", forgery{rows: 10, pages: [][]byte{claim(nil)}, change: func(m *format.FileMetaData) {
			m.RowGroups = append(m.RowGroups, m.RowGroups[0])
			m.NumRows = 20
		}}.bytes(), ErrDamaged, "larger than the file"},
		{"a chunk of another type", forgery{physical: format.Int64, rows: 10, pages: [][]byte{claim(nil)}, change: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.Type = format.Double
		}}.bytes(), ErrDamaged, "DOUBLE"},
		{"a chunk with fewer values than rows", forgery{physical: format.Int64, rows: 10, pages: [][]byte{claim(nil)}, change: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.NumValues = 9
		}}.bytes(), ErrDamaged, "9 values"},

		{"a chunk in another file", forgery{physical: format.Int64, rows: 10, pages: [][]byte{claim(nil)}, change: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].FilePath = "/etc/passwd"
		}}.bytes(), ErrDamaged, "another file"},
		{"an encrypted chunk", forgery{physical: format.Int64, rows: 10, pages: [][]byte{claim(nil)}, change: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].CryptoMetadata.Value = new(format.EncryptionWithFooterKey)
		}}.bytes(), ErrColumnType, "encrypted"},

		{"a page larger than its chunk", int64File(claim(func(h *format.PageHeader) { h.CompressedPageSize = 1 << 30 })), ErrDamaged, "page of 1073741824 bytes"},
		{"a page of negative size", int64File(claim(func(h *format.PageHeader) { h.CompressedPageSize = -1 })), ErrDamaged, "page of -1"},
		{"a page of 2 GB from 80 bytes", int64File(claim(func(h *format.PageHeader) { h.UncompressedPageSize = 1<<31 - 1 })), ErrLimit, "2147483647"},
		{"a page of 200 MB from 80 bytes", int64File(claim(func(h *format.PageHeader) { h.UncompressedPageSize = 200 << 20 })), ErrLimit, "ratio"},
		{"a page of more values than rows", int64File(claim(func(h *format.PageHeader) { h.DataPageHeader.V.NumValues = 11 })), ErrDamaged, "11 values"},
		{"a page of negative values", int64File(claim(func(h *format.PageHeader) { h.DataPageHeader.V.NumValues = -1 })), ErrDamaged, ""},
		{"a page of an unknown type", int64File(claim(func(h *format.PageHeader) { h.Type = 9 })), ErrDamaged, "type 9"},
		{"a page with another's header", int64File(claim(func(h *format.PageHeader) { h.Type = format.DataPageV2 })), ErrDamaged, "header of another"},
		{"a page header that does not end", int64File(bytes.Repeat([]byte{0x15}, 100)), ErrDamaged, "page header"},
		{"a wrong checksum", int64File(claim(func(h *format.PageHeader) { h.CRC = int32(crc32.ChecksumIEEE(int64s(10)) + 1) })), ErrDamaged, "checksum"},
		{"too few pages", int64File(dataPage(format.Plain, 9, int64s(9), nil)), ErrDamaged, "1 values early"},
		{"pages behind the last", int64File(claim(nil), claim(nil)), ErrDamaged, "0 left"},
		{"a plain page shorter than its values", int64File(dataPage(format.Plain, 10, int64s(9), nil)), ErrDamaged, "72 bytes for 10 values"},
		{"an encoding for another type", int64File(dataPage(format.DeltaByteArray, 10, int64s(10), nil)), ErrColumnType, "DELTA_BYTE_ARRAY"},
		{"an unknown encoding", int64File(dataPage(99, 10, int64s(10), nil)), ErrColumnType, "encoding 99"},
		{"no dictionary", int64File(dataPage(format.RLEDictionary, 10, []byte{1, 20, 0}, nil)), ErrDamaged, "not there"},
		{"an index outside of the dictionary", int64File(dictionaryPage(1, int64s(1)), dataPage(format.RLEDictionary, 10, []byte{1, 20, 1}, nil)), ErrDamaged, "index 1 in a dictionary of 1"},
		{"a dictionary of two billion entries", int64File(dictionaryPage(1<<31-1, int64s(1))), ErrDamaged, "dictionary of"},
		{"two dictionaries", int64File(dictionaryPage(1, int64s(1)), dictionaryPage(1, int64s(1))), ErrDamaged, "dictionary behind"},
		{"indexes of 200 bits", int64File(dictionaryPage(1, int64s(1)), dataPage(format.RLEDictionary, 10, []byte{200, 20, 0}, nil)), ErrDamaged, "bit width"},
		{"runs that end early", int64File(dictionaryPage(1, int64s(1)), dataPage(format.RLEDictionary, 10, []byte{1, 2, 0}, nil)), ErrDamaged, "lacks 9 values"},

		{"two billion delta values", int64File(dataPage(format.DeltaBinaryPacked, 10, uvarints(128, 4, 1<<31, 0), nil)), ErrDamaged, "2147483648 delta values"},
		{"delta blocks of two billion", int64File(dataPage(format.DeltaBinaryPacked, 10, uvarints(1<<31, 4, 10, 0), nil)), ErrDamaged, "blocks"},
		{"no delta blocks", int64File(dataPage(format.DeltaBinaryPacked, 10, uvarints(128, 0, 10, 0), nil)), ErrDamaged, "blocks"},
		{"delta values of 255 bits", int64File(dataPage(format.DeltaBinaryPacked, 10, join(uvarints(128, 4, 10, 0, 0), []byte{255, 0, 0, 0}, make([]byte, 2000)), nil)), ErrDamaged, "255 bits"},
		{"delta values that end early", int64File(dataPage(format.DeltaBinaryPacked, 10, join(uvarints(128, 4, 10, 0, 0), []byte{64, 0, 0, 0, 1}), nil)), ErrDamaged, "delta values"},

		{"a zstd bomb", forgery{physical: format.Int64, codec: format.Zstd, rows: 10, pages: [][]byte{dataPage(format.Plain, 10, bomb, func(h *format.PageHeader) { h.UncompressedPageSize = 80 })}}.bytes(), ErrDamaged, "ZSTD"},
		{"a snappy bomb", forgery{physical: format.Int64, codec: format.Snappy, rows: 10, pages: [][]byte{dataPage(format.Plain, 10, snappyBomb, func(h *format.PageHeader) { h.UncompressedPageSize = 80 })}}.bytes(), ErrDamaged, "claims 80"},
		{"a broken LZ4 block", forgery{physical: format.Int64, codec: format.Lz4Raw, rows: 10, pages: [][]byte{dataPage(format.Plain, 10, []byte("\xf0\xff\xffbroken"), func(h *format.PageHeader) { h.UncompressedPageSize = 80 })}}.bytes(), ErrDamaged, "LZ4"},
		{"a codec that is not Parquet's", forgery{physical: format.Int64, codec: 77, rows: 10, pages: [][]byte{claim(nil)}}.bytes(), ErrColumnType, "codec"},
		{"500 MB of strings by shared prefixes", forgery{physical: format.ByteArray, rows: 10_000, pages: [][]byte{
			dataPage(format.DeltaByteArray, 10_000, growing, nil)}}.bytes(), ErrLimit, "strings of more than"},

		{"levels that are not there", forgery{physical: format.Int64, optional: true, rows: 10, pages: [][]byte{claim(nil)}}.bytes(), ErrDamaged, "lacks 10 values"},
		{"levels longer than the page", forgery{physical: format.Int64, optional: true, rows: 10, pages: [][]byte{
			dataPage(format.Plain, 10, []byte{255, 255, 255, 255, 1}, nil)}}.bytes(), ErrDamaged, "part of"},
		{"level 2 in a flat column", forgery{physical: format.Int64, optional: true, rows: 10, pages: [][]byte{
			dataPage(format.Plain, 10, []byte{2, 0, 0, 0, 20, 2}, nil)}}.bytes(), ErrDamaged, "run of 2"},
		{"wrong null count in a page of version 2", forgery{physical: format.Int64, optional: true, rows: 10, pages: [][]byte{
			append(marshal(&format.PageHeader{Type: format.DataPageV2, UncompressedPageSize: 82, CompressedPageSize: 82,
				DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{NumValues: 10, NumNulls: 1, NumRows: 10, DefinitionLevelsByteLength: 2})}),
				join([]byte{20, 1}, int64s(10))...)}}.bytes(), ErrDamaged, "1 nulls and has 0"},
		{"a billion numbers in 80 bytes", forgery{physical: format.Int64, rows: 1 << 30, pages: [][]byte{dataPage(format.Plain, 1<<30, int64s(10), nil)}}.bytes(), ErrDamaged, "80 bytes for 1073741824 values"},
		{"a billion strings in 80 bytes", forgery{physical: format.ByteArray, rows: 1 << 30, pages: [][]byte{dataPage(format.Plain, 1<<30, int64s(10), nil)}}.bytes(), ErrDamaged, "lacks 1073741804 strings"},
		{"strings that end early", forgery{physical: format.ByteArray, rows: 2, pages: [][]byte{
			dataPage(format.Plain, 2, []byte("\x01\x00\x00\x00a\xff\xff\xff\xffb"), nil)}}.bytes(), ErrDamaged, "string of 4294967295"},
		{"strings with a rest", forgery{physical: format.ByteArray, rows: 1, pages: [][]byte{
			dataPage(format.Plain, 1, []byte("\x01\x00\x00\x00abc"), nil)}}.bytes(), ErrDamaged, "2 bytes behind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var err error
			cost := allocated(func() { _, err = readBytes(tt.file, Limits{}, false) })
			if !errors.Is(err, tt.want) || !strings.Contains(fmt.Sprint(err), tt.say) || !strings.Contains(err.Error(), "forged") {
				t.Errorf("got %v, want %v with %q", err, tt.want, tt.say)
			}
			if cost > 32<<20 {
				t.Errorf("%d bytes allocated", cost)
			}
		})
	}
}

func int64File(pages ...[]byte) []byte {
	return forgery{physical: format.Int64, rows: 10, pages: pages}.bytes()
}

func TestForgeriesThatAreRightAreRead(t *testing.T) {
	// A run may claim more values than its page has.
	endless := int64File(dictionaryPage(1, []byte("\x07\x00\x00\x00\x00\x00\x00\x00")), dataPage(format.RLEDictionary, 10, join([]byte{1}, uvarints(1<<40), []byte{0}), nil))
	// A page of nulls only, an index page and an empty page.
	nulls := forgery{physical: format.Double, optional: true, rows: 10, pages: [][]byte{
		append(marshal(&format.PageHeader{Type: format.IndexPage, CompressedPageSize: 3}), 1, 2, 3),
		dataPage(format.Plain, 0, []byte{0, 0, 0, 0}, nil),
		dataPage(format.Plain, 10, []byte{2, 0, 0, 0, 20, 0}, nil),
	}}.bytes()
	for name, file := range map[string][]byte{"endless run": endless, "nulls": nulls} {
		f, err := openBytes(file, name)
		if err != nil {
			t.Fatal(err)
		}
		values, err := readAll(f, []string{"x"}, ReadOptions{})
		if err != nil || len(values[0]) != 10 {
			t.Fatalf("%s: %v, %v", name, values, err)
		}
		for _, v := range values[0] {
			if v != nil && v != int64(7) {
				t.Errorf("%s: %v", name, v)
			}
		}
	}
}

func TestAColumnNameUsedTwiceIsNotGuessedAt(t *testing.T) {
	file := forgery{physical: format.Int64, rows: 10, pages: [][]byte{dataPage(format.Plain, 10, make([]byte, 80), nil)}, change: func(m *format.FileMetaData) {
		m.Schema[0].NumChildren.V = 2
		m.Schema = append(m.Schema, m.Schema[1])
		m.RowGroups = nil
		m.NumRows = 0
	}}.bytes()
	f, err := openBytes(file, "twice")
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Unreadable()) != 2 || f.Schema().NumFields() != 0 {
		t.Errorf("readable %v, unreadable %v", f.Schema(), f.Unreadable())
	}
	if _, err := readAll(f, []string{"x"}, ReadOptions{}); !errors.Is(err, ErrColumnType) {
		t.Error(err)
	}
}

func TestTextThatOneDictionaryEntryMultipliesIsBounded(t *testing.T) {
	entry := append(binary.LittleEndian.AppendUint32(nil, 1<<20), bytes.Repeat([]byte("x"), 1<<20)...)
	const rows = 100_000 // of a megabyte each
	file := forgery{physical: format.ByteArray, rows: rows, pages: [][]byte{
		dictionaryPage(1, entry), dataPage(format.RLEDictionary, rows, join([]byte{1}, uvarints(2*rows), []byte{0}), nil)}}.bytes()

	_, err := readBytes(file, Limits{MaxBytes: 200 << 20}, false)
	if !errors.Is(err, ErrLimit) {
		t.Errorf("100 GB of text: %v", err)
	}
	if n, err := readBytes(file, Limits{MaxBytes: 200 << 20}, true); n != rows || err != nil {
		t.Errorf("as codes, %d rows and %v", n, err)
	}
	f, err := openBytes(file, "multiplied")
	if err != nil {
		t.Fatal(err)
	}
	for record, err := range f.Batches([]string{"x", "x"}, ReadOptions{}) {
		if err != nil || record.NumRows() != 64 {
			t.Errorf("record of %d rows, want 64 (64 MB); %v", record.NumRows(), err)
		}
		break
	}
}

// A brokenDisk fails from an offset on.
type brokenDisk struct {
	io.ReaderAt
	from int64
}

func (d brokenDisk) ReadAt(b []byte, offset int64) (int, error) {
	if offset+int64(len(b)) > d.from {
		return 0, errDisk
	}
	return d.ReaderAt.ReadAt(b, offset)
}

func TestAnErrorOfTheReaderIsNotDamage(t *testing.T) {
	schema, record := smallTable(100)
	data := written(t, schema, inParts(record, 100), Options{})
	f, err := openBytes(data, "disk")
	if err != nil {
		t.Fatal(err)
	}
	f.reader = brokenDisk{f.reader, 1000}
	_, err = readAll(f, columnNames(f), ReadOptions{})
	var placed *Error
	if !errors.Is(err, errDisk) || errors.Is(err, ErrDamaged) || !errors.As(err, &placed) || placed.Column == "" || placed.File != "disk" {
		t.Error(err)
	}
	_, err = Open(brokenDisk{bytes.NewReader(data), 1000}, int64(len(data)), "disk", Limits{})
	if !errors.Is(err, errDisk) || errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
	if _, err := Open(bytes.NewReader(data), int64(len(data)+1), "longer", Limits{}); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
}
