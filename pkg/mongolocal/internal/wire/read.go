// Package wire reads and writes the part of MongoDB's wire protocol that a driver needs to talk to an engine that takes
// one BSON document per command: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
//
// Whatever bytes arrive, reading ends in a request or in an error.
package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	headerLen = 16
	// maxMessage is MongoDB's own limit on a message, in bytes.
	maxMessage = 48_000_000
	// keep is how much buffer a quiet connection may hold on to, in bytes.
	keep = 1 << 20

	opReply = 1
	opQuery = 2004
	opMsg   = 2013
)

// ErrMalformed is what every error about bytes that follow no protocol wraps.
var ErrMalformed = errors.New("malformed message")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// Request is one command of a client.
type Request struct {
	Database string
	Name     string // the command's name as the client wrote it
	Command  []byte // a BSON document; valid until the next read
	// Transaction says that the command belongs to a transaction.
	Transaction bool
	// NoReply says that the client waits for no answer.
	NoReply bool

	id     uint32
	legacy bool
}

// Reader reads requests from a connection.
type Reader struct {
	source  *bufio.Reader
	header  [headerLen]byte
	payload []byte
	command []byte
}

// NewReader returns a reader of requests.
func NewReader(r io.Reader) *Reader {
	return &Reader{source: bufio.NewReaderSize(r, 16<<10)}
}

// Next waits for a request. It returns io.EOF when the client ended the connection between two requests.
func (r *Reader) Next() (Request, error) {
	r.payload, r.command = trimmed(r.payload), trimmed(r.command)
	if _, err := io.ReadFull(r.source, r.header[:]); err != nil {
		return Request{}, err
	}
	size := int64(binary.LittleEndian.Uint32(r.header[:])) - headerLen
	if size < 4 || size > maxMessage {
		return Request{}, malformed("length %d", size)
	}
	if int64(cap(r.payload)) < size {
		r.payload = make([]byte, size)
	}
	r.payload = r.payload[:size]
	if _, err := io.ReadFull(r.source, r.payload); err != nil {
		return Request{}, err
	}
	return r.parse(binary.LittleEndian.Uint32(r.header[4:]), binary.LittleEndian.Uint32(r.header[12:]))
}

func (r *Reader) parse(id, opcode uint32) (req Request, err error) {
	switch opcode {
	case opMsg:
		req, err = parseMsg(r.payload, r.command)
	case opQuery:
		req, err = parseQuery(r.payload, r.command)
	default:
		return Request{}, malformed("operation %d", opcode)
	}
	req.id = id
	r.command = req.Command
	return req, err
}

func trimmed(b []byte) []byte {
	if cap(b) > keep {
		return nil
	}
	return b
}
