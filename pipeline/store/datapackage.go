package store

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"

	"hardship/pipeline/table"
)

const packageName = "datapackage.json"

// dataPackage describes the tables of a run after Data Package 2.0
// (https://datapackage.org/standard/data-package/). unit and definition are our
// own additions to a field, which the standard allows.
type dataPackage struct {
	Profile   string     `json:"$schema"`
	Name      string     `json:"name"`
	Version   string     `json:"version"`
	Resources []resource `json:"resources"`
}

type resource struct {
	Name        string      `json:"name"`
	Type        string      `json:"type"`
	Description string      `json:"description"`
	Path        string      `json:"path"`
	Format      string      `json:"format"`
	MediaType   string      `json:"mediatype"`
	Bytes       int64       `json:"bytes"`
	Hash        string      `json:"hash"`
	Schema      tableSchema `json:"schema"`
}

type tableSchema struct {
	Fields     []field  `json:"fields"`
	PrimaryKey []string `json:"primaryKey"`
}

type field struct {
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	Unit        string       `json:"unit,omitempty"`
	Description string       `json:"description"`
	Definition  string       `json:"definition,omitempty"`
	Constraints *constraints `json:"constraints,omitempty"`
}

type constraints struct {
	Required bool     `json:"required,omitempty"`
	Enum     []string `json:"enum,omitempty"`
}

func newDataPackage(resources []resource) dataPackage {
	return dataPackage{"https://datapackage.org/profiles/2.0/datapackage.json", "hardship", SchemaVersion, resources}
}

// describe returns the resource of a table that has been written.
func describe(s *table.Schema, output Output) resource {
	fields := make([]field, len(s.Columns))
	for i, c := range s.Columns {
		fields[i] = field{Name: c.Name, Type: fieldType(c.Type.Arrow()), Unit: c.Unit, Description: c.Description, Definition: c.Definition}
		if !c.Null || len(c.Enum) > 0 {
			fields[i].Constraints = &constraints{Required: !c.Null, Enum: c.Enum}
		}
	}
	return resource{
		Name:        s.Name,
		Type:        "table",
		Description: s.Description,
		Path:        output.Path,
		Format:      "parquet",
		MediaType:   "application/vnd.apache.parquet",
		Bytes:       output.Bytes,
		Hash:        "sha256:" + output.SHA256,
		Schema:      tableSchema{fields, s.Key},
	}
}

// fieldType returns the standard's word for a type of column.
func fieldType(t arrow.DataType) string {
	switch t.ID() {
	case arrow.BOOL:
		return "boolean"
	case arrow.INT32, arrow.INT64:
		return "integer"
	case arrow.FLOAT64:
		return "number"
	case arrow.STRING:
		return "string"
	case arrow.DATE32:
		return "date"
	case arrow.TIMESTAMP:
		return "datetime"
	}
	return "any"
}

// fits reports whether columns are those that the resource describes.
func (r *resource) fits(columns []arrow.Field) error {
	if len(columns) != len(r.Schema.Fields) {
		return fmt.Errorf("%d columns, %s has %d", len(columns), packageName, len(r.Schema.Fields))
	}
	for i, want := range r.Schema.Fields {
		if got := columns[i]; got.Name != want.Name || fieldType(got.Type) != want.Type {
			return fmt.Errorf("column %s is %s, %s has %s of type %s", got.Name, got.Type, packageName, want.Name, want.Type)
		}
	}
	return nil
}
