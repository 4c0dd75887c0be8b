package main

import (
	"encoding/json"
	"maps"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"hardship/pipeline"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "explain TABLE[.COLUMN] | CODE",
		Short:   "meaning, unit and formula of a column; cause and cure of a code",
		Long:    "Explain says what a table or column holds, in which unit, what null means, by which definition\nand by which function it is computed; and what a code such as H0203 stands for.",
		Example: "  hardship explain area_day\n  hardship explain area_day.tmin_c\n  hardship explain H0203",
		Args:    cobra.ExactArgs(1),
		RunE: a.work(func(args []string) error {
			e, err := pipeline.Explain(args[0])
			if err != nil {
				return usageError{err}
			}
			fields, err := fieldsOf(e)
			if err != nil {
				return err
			}
			maps.Copy(a.results, fields)
			a.printf("%s", e)
			return nil
		}),
	}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "release, revision and libraries of this build",
		Example: "  hardship version\n  hardship version --json",
		Args:    cobra.NoArgs,
		RunE: a.work(func([]string) error {
			b := newBuild()
			fields, err := fieldsOf(b)
			if err != nil {
				return err
			}
			maps.Copy(a.results, fields)
			a.results["platform"] = runtime.GOOS + "/" + runtime.GOARCH
			a.printf("hardship %s\n", b.Version)
			if b.Revision != "" {
				a.printf("revision %s", b.Revision)
				if b.Modified {
					a.printf(", modified")
				}
				a.printf("\n")
			}
			a.printf("%s %s/%s\n", b.Go, runtime.GOOS, runtime.GOARCH)
			for _, path := range slices.Sorted(maps.Keys(b.Modules)) {
				a.printf("%s %s\n", path, b.Modules[path])
			}
			return nil
		}),
	}
}

// fieldsOf returns the JSON fields of a struct.
func fieldsOf(v any) (map[string]any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var fields map[string]any
	return fields, json.Unmarshal(data, &fields)
}
