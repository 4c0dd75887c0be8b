package parquetfile

import (
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// A column is one field at the top of a file's schema.
type column struct {
	name      string
	firstLeaf int    // position of its first leaf among the chunks of a row group
	leaves    int    // 1, or any number for a nested column
	reason    string // why it cannot be read; "" if it can
	physical  format.Type
	optional  bool
	kind      kind
	local     bool   // timestamps of local time
	scale     int    // of decimals, as are the next two
	width     int    // in bytes, of FIXED_LEN_BYTE_ARRAY; 0 of others
	declared  string // type in the file
}

// A kind says what the stored values of a column mean and so what they become.
type kind int

const (
	kindBool kind = iota
	kindInt32
	kindUint32 // and narrower unsigned integers
	kindInt64
	kindUint64
	kindFloat32
	kindFloat64
	kindDecimal
	kindString
	kindDate
	kindMillis
	kindMicros
	kindNanos
	kindInt96 // timestamps of old Spark, Hive and Impala
)

var timestampUTC = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}

func (k kind) arrowType() arrow.DataType {
	switch k {
	case kindBool:
		return arrow.FixedWidthTypes.Boolean
	case kindInt32:
		return arrow.PrimitiveTypes.Int32
	case kindUint32, kindInt64, kindUint64:
		return arrow.PrimitiveTypes.Int64
	case kindFloat32, kindFloat64, kindDecimal:
		return arrow.PrimitiveTypes.Float64
	case kindString:
		return arrow.BinaryTypes.String
	case kindDate:
		return arrow.FixedWidthTypes.Date32
	default:
		return timestampUTC
	}
}

func (c *column) field() arrow.Field {
	field := arrow.Field{Name: c.name, Type: c.kind.arrowType(), Nullable: c.optional}
	if c.kind == kindFloat32 || c.kind == kindFloat64 {
		field.Nullable = true
	}
	if c.local {
		field.Metadata = arrow.NewMetadata([]string{"parquet.local"}, []string{"true"})
	}
	if c.kind == kindDecimal {
		field.Metadata = arrow.NewMetadata([]string{"parquet.type"}, []string{c.declared})
	}
	return field
}

// checkChunk checks what the footer says of a chunk of this column.
func (c *column) checkChunk(from *format.ColumnChunk, rows int64) error {
	if from.MetaData.Type != c.physical {
		return damaged("chunk of type %s in a column of type %s", from.MetaData.Type, c.physical)
	}
	if from.MetaData.NumValues != rows {
		return damaged("%d values in a row group of %d rows", from.MetaData.NumValues, rows)
	}
	return nil
}

// useSchema sets the columns from the elements of the footer, which list the
// tree parents first. checkSchema has checked its shape.
func (f *File) useSchema(elements []format.SchemaElement) error {
	if len(elements) == 0 {
		return damaged("footer: no schema")
	}
	seen := make(map[string]int)
	leaf := 0
	for i := 1; i < len(elements); {
		e := &elements[i]
		if !utf8.ValidString(e.Name) {
			return damaged("column name %q is not UTF-8", e.Name)
		}
		c := column{name: e.Name, firstLeaf: leaf}
		next, leaves, err := subtree(elements, i)
		if err != nil {
			return err
		}
		i, leaf, c.leaves = next, leaf+leaves, leaves
		c.classify(e)
		if first, ok := seen[c.name]; ok {
			c.reason = "its name is used twice"
			f.columns[first].reason = c.reason
		} else {
			seen[c.name] = len(f.columns)
		}
		f.columns = append(f.columns, c)
	}

	var fields []arrow.Field
	for i := range f.columns {
		if c := &f.columns[i]; c.reason == "" {
			fields = append(fields, c.field())
		} else {
			f.unreadable = append(f.unreadable, UnreadableColumn{Name: c.name, Reason: c.reason})
		}
	}
	f.schema = arrow.NewSchema(fields, nil)
	return nil
}

// subtree returns where the elements under i end, and how many are leaves.
func subtree(elements []format.SchemaElement, i int) (next, leaves int, err error) {
	for open := 1; open > 0; open-- {
		if i >= len(elements) {
			return 0, 0, damaged("footer: schema lacks elements")
		}
		e := &elements[i]
		children := int(e.NumChildren.V)
		if e.Type.Valid {
			leaves++
			if children != 0 {
				return 0, 0, damaged("column %q has both a type and children", e.Name)
			}
		}
		open += children
		i++
	}
	return i, leaves, nil
}

// classify sets how the column is read, or why it cannot be.
func (c *column) classify(e *format.SchemaElement) {
	c.optional = e.RepetitionType.Valid && e.RepetitionType.V == format.Optional
	c.physical = e.Type.V
	switch {
	case !e.Type.Valid:
		c.reason = "nested columns are not supported"
	case e.RepetitionType.Valid && e.RepetitionType.V == format.Repeated:
		c.reason = "repeated columns are not supported"
	default:
		if name, ok := c.meaning(e); !ok {
			c.reason = name + " is not supported"
		}
	}
}

// meaning sets c.kind and returns how to call the type of an element.
func (c *column) meaning(e *format.SchemaElement) (string, bool) {
	as := func(k kind, physical format.Type) bool {
		c.kind = k
		return c.physical == physical
	}
	logical := logicalType(e)
	if logical == nil {
		return c.physical.String(), c.plain()
	}
	ok, forbidden := false, ""
	switch t := logical.(type) {
	case *format.StringType, *format.EnumType, *format.JsonType:
		ok = as(kindString, format.ByteArray)
	case *format.DateType:
		ok = as(kindDate, format.Int32)
	case *format.TimestampType:
		c.local = !t.IsAdjustedToUTC
		switch t.Unit.Value.(type) {
		case *format.MilliSeconds:
			ok = as(kindMillis, format.Int64)
		case *format.MicroSeconds:
			ok = as(kindMicros, format.Int64)
		case *format.NanoSeconds:
			ok = as(kindNanos, format.Int64)
		}
	case *format.IntType:
		switch {
		case t.BitWidth == 64 && t.IsSigned:
			ok = as(kindInt64, format.Int64)
		case t.BitWidth == 64:
			ok = as(kindUint64, format.Int64)
		case t.IsSigned:
			ok = as(kindInt32, format.Int32)
		default:
			ok = as(kindUint32, format.Int32)
		}
	case *format.DecimalType:
		var allowed bool
		if allowed, ok = c.decimal(t, e.TypeLength.V); !allowed {
			forbidden = ", which the format forbids,"
		}
	}
	return logical.String() + " stored as " + c.physical.String() + forbidden, ok
}

// plain sets the kind of a column without a logical type.
func (c *column) plain() bool {
	switch c.physical {
	case format.Boolean:
		c.kind = kindBool
	case format.Int32:
		c.kind = kindInt32
	case format.Int64:
		c.kind = kindInt64
	case format.Int96:
		c.kind = kindInt96
	case format.Float:
		c.kind = kindFloat32
	case format.Double:
		c.kind = kindFloat64
	case format.ByteArray:
		c.kind = kindString
	default:
		return false
	}
	return true
}

// logicalType returns the logical type of an element, also where an older
// writer has used the converted types that preceded them; nil if it has none.
func logicalType(e *format.SchemaElement) format.LogicalTypeValue {
	if e.LogicalType.Value != nil || !e.ConvertedType.Valid {
		return e.LogicalType.Value
	}
	millis := format.TimeUnit{Value: new(format.MilliSeconds)}
	micros := format.TimeUnit{Value: new(format.MicroSeconds)}
	switch e.ConvertedType.V {
	case deprecated.UTF8:
		return new(format.StringType)
	case deprecated.Enum:
		return new(format.EnumType)
	case deprecated.Json:
		return new(format.JsonType)
	case deprecated.Decimal:
		return &format.DecimalType{Scale: e.Scale.V, Precision: e.Precision.V}
	case deprecated.Date:
		return new(format.DateType)
	case deprecated.TimeMillis:
		return &format.TimeType{IsAdjustedToUTC: true, Unit: millis}
	case deprecated.TimeMicros:
		return &format.TimeType{IsAdjustedToUTC: true, Unit: micros}
	case deprecated.TimestampMillis:
		return &format.TimestampType{IsAdjustedToUTC: true, Unit: millis}
	case deprecated.TimestampMicros:
		return &format.TimestampType{IsAdjustedToUTC: true, Unit: micros}
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		return &format.IntType{BitWidth: 8 << (e.ConvertedType.V - deprecated.Uint8)}
	case deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64:
		return &format.IntType{BitWidth: 8 << (e.ConvertedType.V - deprecated.Int8), IsSigned: true}
	case deprecated.Bson:
		return new(format.BsonType)
	}
	return nil // INTERVAL, told by its physical type, and those of nested columns
}
