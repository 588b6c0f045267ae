package customers

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Limits of a file, far above any panel: 200 customers in each of 1,500 stores are 300,000 lines of 40 bytes.
const (
	MaxBytes = 50 << 20
	MaxLines = 1_000_000 // with something in them
	MaxLine  = 64 << 10  // bytes of a line
	MaxWaves = 60        // twenty years
)

type limits struct {
	bytes              int64
	lines, line, waves int
}

// Read reads a file of one wave or several, as it comes, and counts what customers said of the stores given. A file that makes no
// sense as a whole is a *RefusalError; any other error is the reader's own.
func Read(file io.Reader, stores []Store) (Report, error) {
	return read(file, stores, limits{bytes: MaxBytes, lines: MaxLines, line: MaxLine, waves: MaxWaves})
}

func read(file io.Reader, stores []Store, most limits) (Report, error) {
	text, err := decode(&bounded{file: file, most: most.bytes})
	if err != nil {
		return Report{}, reading(err)
	}
	i := &intake{
		stores:   knowStores(stores),
		records:  &records{lines: &lines{from: bufio.NewReader(text), most: most.line}, maxSize: most.line},
		most:     most,
		seen:     map[respondent]earlier{},
		waves:    map[Wave]bool{},
		counts:   map[place]*Counts{},
		problems: newProblems(),
	}
	if i.layout, err = i.records.header(); err != nil {
		return Report{}, reading(err)
	}
	for read := 0; ; read++ {
		rec, err := i.records.next()
		switch {
		case errors.Is(err, io.EOF) && read == 0:
			return Report{}, refuse(FileEmpty, 0, "")
		case errors.Is(err, io.EOF):
			return i.conclude(), nil
		case err != nil:
			return Report{}, reading(err)
		case read == most.lines:
			return Report{}, refuse(LinesTooMany, rec.line, most.lines)
		}
		if err := i.take(rec); err != nil {
			return Report{}, err
		}
	}
}

// reading wraps an error of the file's reader; a refusal speaks for itself.
func reading(err error) error {
	if refusal := new(RefusalError); errors.As(err, &refusal) {
		return refusal
	}
	return fmt.Errorf("reading the file of customers: %w", err)
}
