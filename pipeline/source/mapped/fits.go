package mapped

import (
	"github.com/apache/arrow/go/v17/arrow"

	"hardship/pipeline/table"
)

// fits reports whether a column of the given type can be read as the field.
func fits(f *field, stored arrow.Type) bool {
	number := stored == arrow.INT32 || stored == arrow.INT64 || stored == arrow.FLOAT64
	switch f.column.Type {
	case table.Bool:
		return stored == arrow.BOOL
	case table.Int32, table.Int64, table.Float64:
		return number
	case table.Date:
		return stored == arrow.DATE32 || stored == arrow.STRING
	case table.Timestamp:
		if f.epoch != 0 {
			return number
		}
		return stored == arrow.TIMESTAMP || stored == arrow.DATE32 || stored == arrow.STRING
	}
	return stored == arrow.STRING
}

// held is how an error names the type of a column of a file.
func held(stored arrow.Field) string {
	if declared, ok := stored.Metadata.GetValue("parquet.type"); ok {
		return declared
	}
	return stored.Type.String()
}
