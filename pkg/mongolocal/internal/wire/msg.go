package wire

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// Flags of an OP_MSG. Of the others, those below 16 are unknown and forbid understanding the message.
const (
	flagChecksum     = 1 << 0
	flagMoreToCome   = 1 << 1
	requiredFlags    = 0xffff
	minDocument      = 5
	checksumLen      = 4
	kindBody         = 0
	kindDocuments    = 1
	firstDocumentsAt = 4
)

// parseMsg turns the sections of an OP_MSG into one document, written over scratch: the body without what only a server
// with sessions understands, followed by each sequence of documents as an array.
func parseMsg(payload, scratch []byte) (Request, error) {
	flags := binary.LittleEndian.Uint32(payload)
	if unknown := flags & requiredFlags &^ (flagChecksum | flagMoreToCome); unknown != 0 {
		return Request{}, malformed("flags %#x", unknown)
	}
	rest := payload[4:]
	if flags&flagChecksum != 0 {
		if len(rest) < checksumLen {
			return Request{}, malformed("no checksum")
		}
		rest = rest[:len(rest)-checksumLen]
	}
	body, sequences, err := sections(rest)
	if err != nil {
		return Request{}, err
	}
	req := Request{NoReply: flags&flagMoreToCome != 0}
	req.Command, err = appendBody(append(scratch[:0], 0, 0, 0, 0), body, &req)
	if err != nil {
		return Request{}, err
	}
	for _, s := range sequences {
		if req.Command, err = appendArray(req.Command, s); err != nil {
			return Request{}, err
		}
	}
	req.Command = closeDocument(req.Command, 0)
	return req, nil
}

// sequence is a run of documents that belongs under one name into the command.
type sequence struct {
	name      []byte
	documents []byte
}

func sections(rest []byte) (body []byte, sequences []sequence, err error) {
	for len(rest) > 0 {
		kind, at := rest[0], rest[1:]
		section, err := cut(at)
		if err != nil {
			return nil, nil, err
		}
		rest = at[len(section):]
		switch kind {
		case kindBody:
			if body != nil {
				return nil, nil, malformed("two bodies")
			}
			body = section
		case kindDocuments:
			name, documents, found := bytes.Cut(section[firstDocumentsAt:], []byte{0})
			if !found {
				return nil, nil, malformed("a section without a name")
			}
			sequences = append(sequences, sequence{name, documents})
		default:
			return nil, nil, malformed("section kind %d", kind)
		}
	}
	if body == nil {
		return nil, nil, malformed("no body")
	}
	return body, sequences, nil
}

// cut returns the first of the blocks in b, each of which begins with its own length.
func cut(b []byte) ([]byte, error) {
	if len(b) < minDocument {
		return nil, malformed("%d bytes where a length was expected", len(b))
	}
	n := int64(binary.LittleEndian.Uint32(b))
	if n < minDocument || n > int64(len(b)) {
		return nil, malformed("length %d in %d bytes", n, len(b))
	}
	return b[:n], nil
}

// appendBody copies the elements of the command's body, sorts out the database and notes the name.
func appendBody(dst, body []byte, req *Request) ([]byte, error) {
	if err := checkDocument(body); err != nil {
		return nil, err
	}
	elements, err := bsoncore.Document(body).Elements()
	if err != nil {
		return nil, malformed("body: %v", err)
	}
	for _, element := range elements {
		switch key := element.Key(); key {
		case "$db":
			name, ok := element.Value().StringValueOK()
			if !ok || strings.ContainsRune(name, 0) {
				return nil, malformed("database name")
			}
			req.Database = name
		case "lsid", "$clusterTime", "$readPreference", "txnNumber":
			// About sessions and replica sets, which the engine has not.
		case "writeConcern":
			if dst, err = appendConcern(dst, element); err != nil {
				return nil, err
			}
		default:
			if req.Name == "" {
				req.Name = key
			}
			if key == "startTransaction" || key == "autocommit" {
				req.Transaction = true
			}
			dst = append(dst, element...)
		}
	}
	if req.Name == "" {
		return nil, malformed("an empty command")
	}
	return dst, nil
}

func appendArray(dst []byte, s sequence) ([]byte, error) {
	dst = append(dst, byte(bson.TypeArray))
	dst = append(append(dst, s.name...), 0)
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	for i, rest := 0, s.documents; len(rest) > 0; i++ {
		document, err := cut(rest)
		if err != nil {
			return nil, err
		}
		if err := checkDocument(document); err != nil {
			return nil, err
		}
		dst = append(dst, byte(bson.TypeEmbeddedDocument))
		dst = append(strconv.AppendInt(dst, int64(i), 10), 0)
		dst = append(dst, document...)
		rest = rest[len(document):]
	}
	return closeDocument(dst, start), nil
}

// closeDocument ends the document that begins at start and fills in its length.
func closeDocument(dst []byte, start int) []byte {
	dst = append(dst, 0)
	binary.LittleEndian.PutUint32(dst[start:], uint32(len(dst)-start))
	return dst
}
