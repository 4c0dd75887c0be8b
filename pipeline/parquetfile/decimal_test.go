package parquetfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
	"pgregory.net/rapid"
)

// nearest returns the float64 nearest to a decimal, from its digits.
func nearest(unscaled *big.Int, scale int) float64 {
	v, err := strconv.ParseFloat(fmt.Sprintf("%de-%d", unscaled, scale), 64)
	if err != nil {
		panic(err)
	}
	return v
}

// twosComplement returns an integer in width bytes, the highest first.
func twosComplement(v *big.Int, width int) []byte {
	modulus := new(big.Int).Lsh(big.NewInt(1), uint(8*width))
	return new(big.Int).Mod(v, modulus).FillBytes(make([]byte, width))
}

// A number of n digits, or one near a power of two or at the end of what n digits are.
func drawDigits(t *rapid.T, n int) *big.Int {
	end := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	v := new(big.Int)
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		v.SetString("0"+rapid.StringMatching(fmt.Sprintf("[0-9]{0,%d}", n)).Draw(t, "digits"), 10)
	case 1:
		v.Lsh(big.NewInt(1), uint(rapid.IntRange(0, 127).Draw(t, "power")))
		v.Add(v, big.NewInt(rapid.Int64Range(-2, 2).Draw(t, "beside")))
	case 2:
		v.Sub(end, big.NewInt(rapid.Int64Range(1, 3).Draw(t, "below")))
	}
	v.Rem(v, end)
	if rapid.Bool().Draw(t, "negative") {
		v.Neg(v)
	}
	return v
}

func TestDecimalsAreTheNearestFloats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := rapid.IntRange(1, maxDecimalDigits).Draw(t, "precision")
		scale := rapid.IntRange(0, precision).Draw(t, "scale")
		v := drawDigits(t, precision)
		want := nearest(v, scale)
		check := func(how string, got float64, err error) {
			if err != nil || !sameValue(got, want) {
				t.Fatalf("%de-%d as %s: %v, want %v; %v", v, scale, how, got, want, err)
			}
		}
		var got [1]float64
		if precision <= 9 {
			err := fromDecimal[int32](scale)(got[:], []int32{int32(v.Int64())})
			check("INT32", got[0], err)
		}
		if precision <= 18 {
			err := fromDecimal[int64](scale)(got[:], []int64{v.Int64()})
			check("INT64", got[0], err)
		}
		for width := v.BitLen()/8 + 1; width <= maxDecimalBytes; width++ {
			fixed := decimalBytes{scale: scale, width: width}
			check(fmt.Sprint(width, " bytes"), got[0], fixed.decode(got[:], twosComplement(v, width), format.Plain))
			free := decimalBytes{scale: scale}
			err := free.decode(got[:], append(binary.LittleEndian.AppendUint32(nil, uint32(width)), twosComplement(v, width)...), format.Plain)
			check(fmt.Sprint(width, " bytes behind their number"), got[0], err)
		}
	})
	for _, v := range []int64{-1 << 63, -1<<63 + 1, 1<<63 - 1, -1<<53 - 1, 1<<53 + 1} { // also beyond 18 digits
		if got := decimalOf(v>>63, uint64(v), 3); got != nearest(big.NewInt(v), 3) {
			t.Errorf("%d: %v", v, got)
		}
	}
	least := decimalBytes{scale: 38, width: 16}
	var got [1]float64
	if err := least.decode(got[:], append([]byte{0x80}, make([]byte, 15)...), format.Plain); err != nil || got[0] != -1.7014118346046923 {
		t.Errorf("-1<<127: %v, %v", got, err)
	}
}

// sampleDecimals holds the formulas of testdata/generate.py: the unscaled values, the
// scale, the row before whose multiples there is a null, and the type.
var sampleDecimals = map[string]struct {
	unscaled func(i int) *big.Int
	scale    int
	every    int
	declared string
}{
	"d2":       {func(i int) *big.Int { return big.NewInt(int64(i - 25)) }, 1, 7, "DECIMAL(2,1)"},
	"d4":       {func(i int) *big.Int { return big.NewInt(int64(i%4*3333 - 5000)) }, 2, 0, "DECIMAL(4,2)"},
	"d9":       {func(i int) *big.Int { return big.NewInt(int64(1e7*i + i)) }, 0, 7, "DECIMAL(9,0)"},
	"d18":      {func(i int) *big.Int { return big.NewInt(int64(3e16*(i-25) + i)) }, 3, 0, "DECIMAL(18,3)"},
	"d38":      {func(i int) *big.Int { return sampleLarge(i) }, 4, 7, "DECIMAL(38,4)"},
	"d38_fine": {func(i int) *big.Int { return new(big.Int).Exp(big.NewInt(-7), big.NewInt(int64(i%45)), nil) }, 30, 0, "DECIMAL(38,30)"},
}

func sampleLarge(i int) *big.Int {
	v := new(big.Int).Exp(big.NewInt(10), big.NewInt(36), nil)
	v.Mul(v, big.NewInt(int64(3*(i-25))))
	return v.Add(v, big.NewInt(int64(i)))
}

func TestDecimalsOfOtherWritersReadRight(t *testing.T) {
	for _, name := range []string{
		"pyarrow_decimal_v1", "pyarrow_decimal_v2", "pyarrow_decimal_split", "pyarrow_decimal_delta",
		"duckdb_decimal_v1", "duckdb_decimal_v2", "polars_decimal",
	} {
		f := openSample(t, name)
		columns := columnNames(f)
		if len(columns) != len(sampleDecimals) || len(f.Unreadable()) != 0 {
			t.Fatalf("%s: columns %q, unreadable %q", name, columns, f.Unreadable())
		}
		for _, field := range f.Schema().Fields() {
			if got, _ := field.Metadata.GetValue("parquet.type"); field.Type != arrow.PrimitiveTypes.Float64 || got != sampleDecimals[field.Name].declared {
				t.Errorf("%s: %s is %v, declared %s", name, field.Name, field.Type, got)
			}
		}
		for _, coded := range []bool{false, true} {
			values, err := readAll(f, columns, codedOptions(f, coded))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for c, column := range columns {
				want := sampleDecimals[column]
				if len(values[c]) != 50 {
					t.Fatalf("%s: %s has %d rows", name, column, len(values[c]))
				}
				for i, got := range values[c] {
					expected := any(nearest(want.unscaled(i), want.scale))
					if want.every > 0 && i%want.every == want.every-1 {
						expected = nil
					}
					if got != expected {
						t.Fatalf("%s: %s, row %d: got %v, want %v", name, column, i, got, expected)
					}
				}
			}
		}
	}
}

// Byte arrays of any length, and integers, of another writer.
func TestDecimalsOfByteArrays(t *testing.T) {
	for _, of := range []parquet.Type{parquet.ByteArrayType, parquet.FixedLenByteArrayType(3), parquet.Int32Type, parquet.Int64Type} {
		for _, encoded := range []bool{false, true} {
			node := parquet.Optional(parquet.Decimal(2, 6, of))
			if encoded {
				node = parquet.Encoded(node, &parquet.RLEDictionary)
			}
			var b bytes.Buffer
			w := parquet.NewWriter(&b, parquet.NewSchema("s", parquet.Group{"x": node}))
			want := []any{-12.5, nil, 0.0, 1.27, 1.28, -1.28, -1.29, 9999.99, -9999.99}
			for _, v := range want {
				value := parquet.NullValue().Level(0, 0, 0)
				if v != nil {
					unscaled := big.NewInt(int64(v.(float64)*100 + 0.5))
					if v.(float64) < 0 {
						unscaled = big.NewInt(int64(v.(float64)*100 - 0.5))
					}
					switch of.Kind() {
					case parquet.Int32:
						value = parquet.Int32Value(int32(unscaled.Int64()))
					case parquet.Int64:
						value = parquet.Int64Value(unscaled.Int64())
					case parquet.ByteArray:
						width := unscaled.BitLen()/8 + 1
						value = parquet.ByteArrayValue(twosComplement(unscaled, width))
					default:
						value = parquet.FixedLenByteArrayValue(twosComplement(unscaled, 3))
					}
					value = value.Level(0, 1, 0)
				}
				if _, err := w.WriteRows([]parquet.Row{{value}}); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			f, err := openBytes(b.Bytes(), "written")
			if err != nil {
				t.Fatal(err)
			}
			values, err := readAll(f, []string{"x"}, codedOptions(f, encoded))
			if err != nil || fmt.Sprint(values[0]) != fmt.Sprint(want) {
				t.Errorf("%v, dictionary %v: %v, %v", of, encoded, values, err)
			}
		}
	}
}

// decimalFile is of one column that a schema element declares.
func decimalFile(element format.SchemaElement, rows int64, pages ...[]byte) []byte {
	return forgery{physical: element.Type.V, rows: rows, pages: pages, change: func(m *format.FileMetaData) {
		element.Name, element.RepetitionType = "x", thrift.New(format.Required)
		m.Schema[1] = element
	}}.bytes()
}

// declared is a schema element as writers now make it; width is 0 of all but
// FIXED_LEN_BYTE_ARRAY.
func declared(physical format.Type, width, precision, scale int32) format.SchemaElement {
	e := format.SchemaElement{Type: thrift.New(physical), LogicalType: format.LogicalType{Value: &format.DecimalType{Scale: scale, Precision: precision}}}
	if width != 0 {
		e.TypeLength = thrift.New(width)
	}
	return e
}

// old is one as writers made it before.
func old(e format.SchemaElement) format.SchemaElement {
	t := e.LogicalType.Value.(*format.DecimalType)
	e.LogicalType = format.LogicalType{}
	e.ConvertedType, e.Precision = thrift.New(deprecated.Decimal), thrift.New(t.Precision)
	if t.Scale != 0 { // which is the default
		e.Scale = thrift.New(t.Scale)
	}
	return e
}

func TestDecimalTypesThatTheFormatForbids(t *testing.T) {
	const fixed, most = format.FixedLenByteArray, 1<<31 - 1
	for _, tt := range []struct {
		element format.SchemaElement
		say     string // "" if it is read
	}{
		{declared(format.Int32, 0, 9, 9), ""},
		{declared(format.Int32, 0, 10, 0), "DECIMAL(10,0) stored as INT32, which the format forbids"},
		{declared(format.Int64, 0, 18, 0), ""},
		{declared(format.Int64, 0, 19, 0), "forbids"},
		{declared(fixed, 1, 2, 2), ""},
		{declared(fixed, 1, 3, 2), "forbids"},
		{declared(fixed, 7, 16, 2), ""},
		{declared(fixed, 7, 17, 2), "forbids"},
		{declared(fixed, 16, 38, 38), ""},
		{declared(fixed, 16, 39, 38), "forbids"},
		{declared(fixed, 17, 38, 2), "DECIMAL(38,2) stored as FIXED_LEN_BYTE_ARRAY is not supported"},
		{declared(fixed, 0, 1, 0), "forbids"},
		{declared(fixed, -1, 1, 0), "forbids"},
		{declared(fixed, -1<<31, 1, 0), "forbids"},
		{declared(fixed, most, most, most), "is not supported"},
		{declared(format.ByteArray, 0, 17, 0), ""},
		{declared(format.ByteArray, 0, 38, 0), ""},
		{declared(format.ByteArray, 0, 39, 0), "DECIMAL(39,0) stored as BYTE_ARRAY is not supported"},
		{declared(format.ByteArray, 0, most, most), "is not supported"},
		{declared(format.Int32, 0, 5, -1), "forbids"},
		{declared(format.Int32, 0, 5, 6), "DECIMAL(5,6) stored as INT32, which the format forbids"},
		{declared(format.Int64, 0, 0, 0), "forbids"},
		{declared(format.Int64, 0, -1, -1), "forbids"},
		{declared(format.ByteArray, 0, -1<<31, -1<<31), "forbids"},
		{declared(format.Double, 0, 5, 1), "DECIMAL(5,1) stored as DOUBLE, which the format forbids"},
		{declared(format.Boolean, 0, 1, 0), "forbids"},
		{declared(format.Int96, 0, 5, 1), "forbids"},
	} {
		for _, e := range []format.SchemaElement{tt.element, old(tt.element)} {
			f, err := openBytes(decimalFile(e, 0), "declared")
			if err != nil {
				t.Fatal(err)
			}
			_, err = readAll(f, []string{"x"}, ReadOptions{})
			if tt.say == "" {
				if err != nil {
					t.Errorf("%v: %v", tt.element.LogicalType.Value, err)
				}
			} else if !errors.Is(err, ErrColumnType) || !strings.Contains(err.Error(), tt.say) || !strings.Contains(f.Unreadable()[0].Reason, tt.say) {
				t.Errorf("%v stored as %v in %d bytes: %v", tt.element.LogicalType.Value, tt.element.Type.V, tt.element.TypeLength.V, err)
			}
		}
	}
}

func TestPagesOfDecimals(t *testing.T) {
	fixed := func(width int32) format.SchemaElement { return declared(format.FixedLenByteArray, width, 1, 1) }
	free := declared(format.ByteArray, 0, 38, 1)
	lengths := func(of ...byte) []byte { // in one page of byte arrays
		var data []byte
		for _, n := range of {
			data = append(append(data, n, 0, 0, 0), make([]byte, n)...)
		}
		return data
	}
	prefixed := join(uvarints(128, 4, 2, 0), []byte{0, 0, 0, 0, 0}, uvarints(128, 4, 2, 4), []byte{0, 0, 0, 0, 0}, []byte{0, 5, 0, 7})
	index := dataPage(format.RLEDictionary, 2, []byte{1, 4, 0}, nil)
	for _, tt := range []struct {
		name    string
		element format.SchemaElement
		pages   [][]byte
		want    error // nil: it is read
		say     string
	}{
		{"fewer bytes", fixed(3), [][]byte{dataPage(format.Plain, 2, make([]byte, 5), nil)}, ErrDamaged, "5 bytes for 2 values, expected are 6"},
		{"more bytes", fixed(3), [][]byte{dataPage(format.Plain, 2, make([]byte, 7), nil)}, ErrDamaged, "7 bytes"},
		{"streams of fewer bytes", fixed(3), [][]byte{dataPage(format.ByteStreamSplit, 2, make([]byte, 5), nil)}, ErrDamaged, "5 bytes"},
		{"streams of nothing", fixed(3), [][]byte{dataPage(format.ByteStreamSplit, 2, nil, nil)}, ErrDamaged, "0 bytes"},
		{"bytes of a prefix", fixed(2), [][]byte{dataPage(format.DeltaByteArray, 2, prefixed, nil)}, nil, ""},
		{"bytes of a prefix, another width", fixed(3), [][]byte{dataPage(format.DeltaByteArray, 2, prefixed, nil)}, ErrDamaged, "decimal of 2 bytes"},
		{"lengths where there is one", fixed(2), [][]byte{dataPage(format.DeltaLengthByteArray, 2, make([]byte, 4), nil)}, ErrColumnType, "DELTA_LENGTH_BYTE_ARRAY) of decimals"},
		{"integers where there are bytes", free, [][]byte{dataPage(format.DeltaBinaryPacked, 2, make([]byte, 4), nil)}, ErrColumnType, "of decimals"},
		{"streams of any length", free, [][]byte{dataPage(format.ByteStreamSplit, 2, make([]byte, 4), nil)}, ErrColumnType, "of decimals"},
		{"no bytes", free, [][]byte{dataPage(format.Plain, 2, lengths(1, 0), nil)}, ErrDamaged, "decimal of 0 bytes"},
		{"17 bytes", free, [][]byte{dataPage(format.Plain, 2, lengths(16, 17), nil)}, ErrDamaged, "decimal of 17 bytes"},
		{"bytes cut short", free, [][]byte{dataPage(format.Plain, 2, lengths(1, 9)[:10], nil)}, ErrDamaged, "9 bytes in a page"},
		{"two entries of a byte", fixed(1), [][]byte{dictionaryPage(2, []byte{5, 0xff}), index}, nil, ""},
		{"three entries in two bytes", fixed(1), [][]byte{dictionaryPage(3, []byte{5, 0xff}), index}, ErrDamaged, "dictionary of 3 entries in 2 bytes"},
		{"two billion entries of a byte", fixed(1), [][]byte{dictionaryPage(1<<31-1, []byte{5}), index}, ErrDamaged, "dictionary of 2147483647"},
		{"an entry of no bytes", free, [][]byte{dictionaryPage(1, lengths(0)), index}, ErrDamaged, "decimal of 0 bytes"},
		{"half an entry of 16 bytes", fixed(16), [][]byte{dictionaryPage(1, make([]byte, 16)[:8]), index}, ErrDamaged, "dictionary of 1 entries in 8 bytes"},
	} {
		for _, coded := range []bool{false, true} {
			var rows int64
			var err error
			cost := allocated(func() { rows, err = readBytes(decimalFile(tt.element, 2, tt.pages...), Limits{}, coded) })
			if !errors.Is(err, tt.want) || tt.want == nil && rows != 2 || err != nil && !strings.Contains(err.Error(), tt.say) {
				t.Errorf("%s: %d rows, %v", tt.name, rows, err)
			}
			if cost > 32<<20 {
				t.Errorf("%s: %d bytes allocated", tt.name, cost)
			}
		}
	}
}
