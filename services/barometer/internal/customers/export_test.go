package customers

import "io"

// ReadWithin reads with limits that a test can reach.
func ReadWithin(file io.Reader, stores []Store, bytes int64, lines, line, waves int) (Report, error) {
	return read(file, stores, limits{bytes: bytes, lines: lines, line: line, waves: waves})
}
