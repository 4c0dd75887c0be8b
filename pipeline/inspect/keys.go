package inspect

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"io"
	"iter"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/internal/scratch"
	"hardship/pipeline/table"
)

// mostKeys is how many keys are held in memory, some 30 bytes each. Of a source that
// has more they are held in files, a part of them in each, and compared part by part
// once the source is at its end.
const (
	mostKeys = 4 << 20
	keyParts = 32
)

// keyLog tells rows whose key a row before has.
type keyLog struct {
	most   int // keys held in memory
	folder string
	seed   maphash.Seed

	first map[uint64]rowPlace // row of a key, by its hash; nil once they are in files
	parts []*partFile         // by the hash
	rows  uint64              // in files
	text  []byte              // of a key
}

// A rowPlace is where a row stands: by the numbers of its file and table, and in the
// lower half the line.
type rowPlace uint64

func placeOf(file, table int, line int32) rowPlace {
	return rowPlace(file)<<36 | rowPlace(table)<<32 | rowPlace(uint32(line))
}

func (p rowPlace) file() int   { return int(p >> 36) }
func (p rowPlace) table() int  { return int(p >> 32 & 15) }
func (p rowPlace) line() int32 { return int32(p) }

// A repeatedRow is one whose key an earlier one has.
type repeatedRow struct {
	number    uint64 // among the rows in files, from 1
	first, at rowPlace
}

func newKeyLog(most int, folder string) *keyLog {
	return &keyLog{most: most, folder: folder, seed: maphash.MakeSeed(), first: map[uint64]rowPlace{}}
}

// add adds a row by the hash of its key. again says that the row first has the same;
// of a source with many rows that is told by repeats.
func (k *keyLog) add(hash uint64, at rowPlace) (first rowPlace, again bool, err error) {
	if k.first == nil {
		return 0, false, k.write(hash, at)
	}
	if first, again = k.first[hash]; again {
		return first, true, nil
	}
	k.first[hash] = at
	if len(k.first) > k.most {
		err = k.spill()
	}
	return 0, false, err
}

// spill puts the keys into files. The first rows of different keys may come in any
// order.
func (k *keyLog) spill() error {
	first := k.first
	k.first = nil
	for range keyParts {
		part, err := newPartFile(k.folder)
		if err != nil {
			return err
		}
		k.parts = append(k.parts, part)
	}
	for hash, at := range first {
		if err := k.write(hash, at); err != nil {
			return err
		}
	}
	return nil
}

func (k *keyLog) write(hash uint64, at rowPlace) error {
	k.rows++
	return k.parts[hash%keyParts].write(hash, k.rows, uint64(at))
}

// repeats yields the rows whose key an earlier row has and that add has not told of,
// in the order in which they were added.
func (k *keyLog) repeats() iter.Seq2[repeatedRow, error] {
	return func(yield func(repeatedRow, error) bool) {
		var found []*partFile
		defer func() {
			for _, f := range found {
				f.close()
			}
		}()
		for _, part := range k.parts {
			again, err := newPartFile(k.folder)
			if err == nil {
				found = append(found, again)
				err = repeatsOf(part, again)
			}
			if err != nil {
				yield(repeatedRow{}, err)
				return
			}
		}
		if err := merge(found, yield); err != nil {
			yield(repeatedRow{}, err)
		}
	}
}

// repeatsOf writes the rows of a part whose key an earlier one has.
func repeatsOf(part, again *partFile) error {
	first := map[uint64]rowPlace{}
	for {
		hash, number, at, err := part.read()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		before, ok := first[hash]
		if !ok {
			first[hash] = rowPlace(at)
		} else if err := again.write(number, uint64(before), at); err != nil {
			return err
		}
	}
}

// merge yields what files hold, each in order, in the order of all.
func merge(files []*partFile, yield func(repeatedRow, error) bool) error {
	heads := make([]repeatedRow, len(files)) // the next of each; of number 0 where none follows
	next := func(i int) error {
		number, first, at, err := files[i].read()
		if err == io.EOF {
			number, err = 0, nil
		}
		heads[i] = repeatedRow{number, rowPlace(first), rowPlace(at)}
		return err
	}
	for i := range files {
		if err := next(i); err != nil {
			return err
		}
	}
	for {
		least := -1
		for i, head := range heads {
			if head.number > 0 && (least < 0 || head.number < heads[least].number) {
				least = i
			}
		}
		if least < 0 || !yield(heads[least], nil) {
			return nil
		}
		if err := next(least); err != nil {
			return err
		}
	}
}

// close gives up the files.
func (k *keyLog) close() {
	for _, part := range k.parts {
		part.close()
	}
	k.parts = nil
}

// A partFile holds records of three numbers: first it is written, then read.
type partFile struct {
	file   *scratch.File
	writer *bufio.Writer
	reader *bufio.Reader // nil while it is written
}

const recordBytes = 3 * 8

func newPartFile(folder string) (*partFile, error) {
	file, err := scratch.Create(folder, ".hardship-keys-*")
	if err != nil {
		return nil, fmt.Errorf("a file for keys that memory does not hold: %w", err)
	}
	return &partFile{file: file, writer: bufio.NewWriterSize(file, 16<<10)}, nil
}

func (p *partFile) write(a, b, c uint64) error {
	var record [recordBytes]byte
	for i, v := range [...]uint64{a, b, c} {
		binary.LittleEndian.PutUint64(record[8*i:], v)
	}
	_, err := p.writer.Write(record[:])
	return err
}

// read returns the next record, or io.EOF.
func (p *partFile) read() (a, b, c uint64, err error) {
	if p.reader == nil {
		if err := p.writer.Flush(); err != nil {
			return 0, 0, 0, err
		}
		if _, err := p.file.Seek(0, io.SeekStart); err != nil {
			return 0, 0, 0, err
		}
		p.reader = bufio.NewReaderSize(p.file, 16<<10)
	}
	var record [recordBytes]byte
	_, err = io.ReadFull(p.reader, record[:])
	at := binary.LittleEndian.Uint64
	return at(record[:]), at(record[8:]), at(record[16:]), err
}

func (p *partFile) close() { p.file.Close() }

// hashes returns the hash of the key of each row of a table.
func (k *keyLog) hashes(t *table.Table) func(row int) uint64 {
	record := t.Record()
	columns := make([]arrow.Array, len(t.Schema.Key))
	for n, name := range t.Schema.Key {
		columns[n] = record.Column(t.Schema.Index(name))
	}
	return func(row int) uint64 {
		k.text = append(append(k.text[:0], t.Schema.Name...), 0)
		for _, c := range columns {
			k.text = appendCell(k.text, c, row)
		}
		return maphash.Bytes(k.seed, k.text)
	}
}

// appendCell appends a cell so that no two cells make the same bytes, with whatever
// follows them.
func appendCell(text []byte, column arrow.Array, row int) []byte {
	if column.IsNull(row) {
		return append(text, 0)
	}
	text = append(text, 1)
	switch c := column.(type) {
	case *array.String:
		value := c.Value(row)
		return append(binary.AppendUvarint(text, uint64(len(value))), value...)
	case *array.Int32:
		return binary.LittleEndian.AppendUint32(text, uint32(c.Value(row)))
	case *array.Timestamp:
		return binary.LittleEndian.AppendUint64(text, uint64(c.Value(row)))
	case *array.Date32:
		return binary.LittleEndian.AppendUint32(text, uint32(c.Value(row)))
	}
	panic("inspect: a key of type " + column.DataType().Name())
}
