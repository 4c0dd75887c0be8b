package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"hardship/datasets"
	"hardship/pipeline"
	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/normalize"
)

// shippedConfig is the name of the shipped configuration in package datasets.
const shippedConfig = "hardship.yaml"

// overrides are the flags of `hardship run` that go before the configuration.
type overrides struct {
	out, from, to, asOf string
	areas, only         []string
}

// parse checks the flags.
func (o overrides) parse() (config.Override, error) {
	parsed := config.Override{Out: o.out, Tables: o.only}
	for _, d := range []struct {
		flag, text string
		day        **hour.Day
	}{{"from", o.from, &parsed.First}, {"to", o.to, &parsed.End}} {
		if d.text == "" {
			continue
		}
		day, err := hour.ParseDay(d.text)
		if err != nil {
			return parsed, usagef("--%s: %w", d.flag, err)
		}
		*d.day = &day
	}
	if o.asOf != "" {
		at, err := config.ParseAsOf(o.asOf)
		if err != nil {
			return parsed, usagef("--as-of: %w", err)
		}
		parsed.AsOf = &at
	}
	for _, id := range o.areas {
		if id = strings.TrimSpace(id); id == "" {
			return parsed, usagef("--areas: the name of an area is empty")
		}
		parsed.Only = append(parsed.Only, area.ID(id))
	}
	return parsed, nil
}

// add adds the flags to a command.
func (o *overrides) add(f *pflag.FlagSet) {
	f.StringVar(&o.out, "out", "", "`DIR` of the runs; over out: of the configuration")
	f.StringVar(&o.from, "from", "", "first `DAY` of the period, local")
	f.StringVar(&o.to, "to", "", "first `DAY` after the period, local")
	f.StringVar(&o.asOf, "as-of", "", "what was known at a `TIME`; a day is its start, UTC")
	f.StringSliceVar(&o.areas, "areas", nil, "publish these areas only: `CODE,CODE`")
	f.StringSliceVar(&o.only, "only", nil, "make these tables of areas only: `TABLE,TABLE`, without findings and report")
}

// options reads the configuration and opens what it needs. The caller closes
// what is returned beside it. An error is one of the configuration.
func (a *app) options(flags overrides) (pipeline.Options, io.Closer, error) {
	o, err := a.settings(flags)
	if err != nil || a.config == "" {
		return o, io.NopCloser(nil), err
	}
	root, err := openRoot(a.config, o.Config.Root)
	if err != nil {
		return pipeline.Options{}, nil, usageError{fmt.Errorf("root of the configuration: %w", err)}
	}
	o.Files = root.FS()
	return o, root, nil
}

// settings reads the configuration, for commands that read none of its files.
func (a *app) settings(flags overrides) (pipeline.Options, error) {
	override, err := flags.parse()
	if err != nil {
		return pipeline.Options{}, err
	}
	name := a.config
	data, err := fs.ReadFile(datasets.FS, shippedConfig)
	if name == "" {
		name = "datasets/" + shippedConfig
	} else {
		data, err = readConfig(name)
	}
	if err != nil {
		return pipeline.Options{}, usageError{err}
	}
	c, err := config.Read(data, name, normalize.ConfigFormats())
	if err == nil {
		err = c.Override(override)
	}
	if err != nil {
		return pipeline.Options{}, usageError{err}
	}
	o := pipeline.Options{
		Config: c, Files: datasets.FS, Areas: datasets.FS, Calibration: datasets.FS,
		Program: program(), Now: time.Now(), Notify: a.notify,
	}
	o.Again = o.Program.SHA256 == "" // whether another program made the last run is then unknown
	return o, nil
}

// readConfig reads a configuration file, at most as much of it as one may have.
func readConfig(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("configuration: %s is a folder", name)
	}
	data, err := io.ReadAll(io.LimitReader(f, config.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return data, nil
}

// openRoot opens the folder below which a configuration's files lie.
func openRoot(configFile, root string) (*os.Root, error) {
	if !filepath.IsAbs(root) {
		root = filepath.Join(filepath.Dir(configFile), root)
	}
	return os.OpenRoot(root)
}

// program names this build.
func program() pipeline.Program {
	p := pipeline.Program{Version: "unknown", Modules: map[string]string{}}
	if b := newBuild(); b.Version != "" {
		p.Version = b.Version
		if b.Revision != "" && !strings.Contains(b.Version, b.Revision[:min(12, len(b.Revision))]) {
			p.Version += " " + b.Revision
		}
		p.Modules = b.Modules
	}
	if sum, err := hashProgram(); err == nil {
		p.SHA256 = sum
	}
	return p
}

// hashProgram returns the SHA-256 of the program file, by which a run knows that
// another program may give other numbers.
func hashProgram() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// A build is what the program file says of itself.
type build struct {
	Version  string            `json:"version"`
	Revision string            `json:"revision,omitempty"`
	Modified bool              `json:"modified,omitempty"` // built from files that differ from the revision
	Go       string            `json:"go"`
	Modules  map[string]string `json:"modules"`
}

// libraries are the modules on which the numbers and files depend.
var libraries = []string{"github.com/apache/arrow/go/v17", "github.com/parquet-go/parquet-go", "gonum.org/v1/gonum"}

func newBuild() build {
	b := build{Modules: map[string]string{}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Version, b.Go = info.Main.Version, info.GoVersion
	if b.Version == "" {
		b.Version = "(devel)"
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	for _, m := range info.Deps {
		for _, library := range libraries {
			if m.Path == library {
				b.Modules[m.Path] = m.Version
			}
		}
	}
	return b
}
