// Package config reads a process's configuration from environment variables into a typed struct, and tells everything that
// is wrong with it at once.
package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Validator is implemented by configurations with rules of their own, such as two settings that exclude each other. It may
// join several errors; each begins with the variable it speaks of: "JALON_STOP_TIMEOUT: must be positive".
type Validator interface{ Validate() error }

// Load fills a T by its `env` tags (those of github.com/caarlos0/env) from environ, which is in the form of os.Environ. Any
// variable NAME may be given as NAME_FILE instead, the path of a file that holds the value: the way in which secret stores
// hand things over. A variable that is set to nothing counts as not set, unless there must be something in it: deployment files
// pass on what nobody chose. The error lists all that is wrong, a line each, by the variables' names and without the values of
// secrets.
func Load[T any](environ []string) (T, error) {
	var cfg T
	vars := env.ToMap(environ)
	params, err := env.GetFieldParams(&cfg)
	if err != nil {
		return cfg, fmt.Errorf("reading the configuration's tags: %w", err)
	}
	problems := readFiles(vars, params)
	for _, p := range params {
		if vars[p.Key] == "" && !p.NotEmpty {
			delete(vars, p.Key)
		}
	}

	err = env.ParseWithOptions(&cfg, env.Options{Environment: vars})
	problems = append(problems, explain(err, keys(reflect.TypeFor[T]()))...)
	if v, ok := any(&cfg).(Validator); ok {
		problems = appendNew(problems, flatten(v.Validate()))
	}
	if len(problems) > 0 {
		return cfg, &Error{Problems: problems}
	}
	return cfg, nil
}

// Error is everything that is wrong with a configuration.
type Error struct{ Problems []error }

// Error lists the problems, one a line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("the configuration is not usable:")
	for _, p := range e.Problems {
		b.WriteString("\n  - " + p.Error())
	}
	return b.String()
}

// Unwrap lets callers look for a certain problem.
func (e *Error) Unwrap() []error { return e.Problems }

// readFiles puts the content of each NAME_FILE into vars[NAME].
func readFiles(vars map[string]string, params []env.FieldParams) []error {
	var problems []error
	for _, p := range params {
		path, given := vars[p.Key+"_FILE"]
		if !given || path == "" {
			continue
		}
		if vars[p.Key] != "" {
			problems = append(problems, fmt.Errorf("%s and %s_FILE are both set: set one of them", p.Key, p.Key))
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s_FILE: %w", p.Key, err))
			// Absent is not also missing.
			vars[p.Key] = "unreadable"
			continue
		}
		// Editors and echo end a file with a line feed that is no part of the secret.
		vars[p.Key] = strings.TrimRight(string(content), "\r\n")
	}
	return problems
}

// explain turns the library's errors into sentences that name the variable.
func explain(err error, keys map[string]string) []error {
	var out []error
	for _, e := range flatten(err) {
		var missing env.VarIsNotSetError
		var empty env.EmptyVarError
		var parse env.ParseError
		switch {
		case errors.As(e, &missing):
			e = fmt.Errorf("%s is not set", missing.Key)
		case errors.As(e, &empty):
			e = fmt.Errorf("%s is empty", empty.Key)
		case errors.As(e, &parse):
			e = fmt.Errorf("%s: %w", keys[parse.Name], parse.Err)
		}
		out = append(out, e)
	}
	return out
}

// appendNew leaves out what speaks of a variable that has a problem already: a missing value breaks other rules as well.
func appendNew(problems, more []error) []error {
	variable := func(err error) string {
		name, _, _ := strings.Cut(err.Error(), " ")
		return strings.TrimSuffix(name, ":")
	}
	told := map[string]bool{}
	for _, p := range problems {
		told[variable(p)] = true
	}
	for _, p := range more {
		if !told[variable(p)] {
			problems = append(problems, p)
		}
	}
	return problems
}

// keys maps the names of struct fields to their variables, nested structs included: the library's errors name the field, the
// operator knows the variable.
func keys(t reflect.Type) map[string]string {
	out := map[string]string{}
	for field := range t.Fields() {
		if key, _, _ := strings.Cut(field.Tag.Get("env"), ","); key != "" {
			out[field.Name] = key
		} else if field.Type.Kind() == reflect.Struct {
			maps.Copy(out, keys(field.Type))
		}
	}
	return out
}

func flatten(err error) []error {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var out []error
		for _, e := range many.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	return []error{err}
}
