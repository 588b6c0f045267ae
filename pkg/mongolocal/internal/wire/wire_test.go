package wire

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
)

func document(t testing.TB, d bson.D) []byte {
	t.Helper()
	b, err := bson.Marshal(d)
	require.NoError(t, err)
	return b
}

func message(opcode uint32, payload []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(headerLen+len(payload)))
	b = binary.LittleEndian.AppendUint32(b, 7)
	b = binary.LittleEndian.AppendUint32(b, 0)
	return append(binary.LittleEndian.AppendUint32(b, opcode), payload...)
}

func body(d []byte) []byte { return append([]byte{kindBody}, d...) }

func documents(name string, docs ...[]byte) []byte {
	content := append([]byte(name), 0)
	for _, d := range docs {
		content = append(content, d...)
	}
	b := binary.LittleEndian.AppendUint32([]byte{kindDocuments}, uint32(4+len(content)))
	return append(b, content...)
}

func msg(flags uint32, sections ...[]byte) []byte {
	payload := binary.LittleEndian.AppendUint32(nil, flags)
	for _, s := range sections {
		payload = append(payload, s...)
	}
	return message(opMsg, payload)
}

func TestDocumentSequencesBecomeArraysOfTheCommand(t *testing.T) {
	sent := msg(0,
		documents("documents", document(t, bson.D{{Key: "_id", Value: "a"}}), document(t, bson.D{{Key: "_id", Value: "b"}})),
		body(document(t, bson.D{{Key: "insert", Value: "people"}, {Key: "$db", Value: "directory"}})))

	req, err := NewReader(bytes.NewReader(sent)).Next()

	require.NoError(t, err)
	require.Equal(t, "directory", req.Database)
	require.Equal(t, "insert", req.Name)
	require.False(t, req.NoReply)
	require.Equal(t, document(t, bson.D{
		{Key: "insert", Value: "people"},
		{Key: "documents", Value: bson.A{bson.D{{Key: "_id", Value: "a"}}, bson.D{{Key: "_id", Value: "b"}}}},
	}), req.Command)
}

func TestWhatOnlyAServerWithSessionsUnderstandsIsLeftOut(t *testing.T) {
	sent := msg(flagMoreToCome, body(document(t, bson.D{
		{Key: "find", Value: "people"},
		{Key: "lsid", Value: bson.D{{Key: "id", Value: 1}}},
		{Key: "$clusterTime", Value: bson.D{}},
		{Key: "$readPreference", Value: bson.D{{Key: "mode", Value: "primary"}}},
		{Key: "txnNumber", Value: int64(1)},
		{Key: "$db", Value: "directory"},
	})))

	req, err := NewReader(bytes.NewReader(sent)).Next()

	require.NoError(t, err)
	require.True(t, req.NoReply)
	require.False(t, req.Transaction)
	require.Equal(t, document(t, bson.D{{Key: "find", Value: "people"}}), req.Command)
}

func TestAMajorityBecomesAJournaledWrite(t *testing.T) {
	for name, c := range map[string]struct{ sent, received bson.D }{
		"majority":              {bson.D{{Key: "w", Value: "majority"}}, bson.D{{Key: "w", Value: int32(1)}, {Key: "j", Value: true}}},
		"majority with journal": {bson.D{{Key: "j", Value: true}, {Key: "w", Value: "majority"}}, bson.D{{Key: "w", Value: int32(1)}, {Key: "j", Value: true}}},
		"journal":               {bson.D{{Key: "j", Value: true}}, bson.D{{Key: "j", Value: true}}},
		"memory":                {bson.D{{Key: "w", Value: int32(1)}}, bson.D{{Key: "w", Value: int32(1)}}},
	} {
		t.Run(name, func(t *testing.T) {
			sent := msg(0, body(document(t, bson.D{{Key: "insert", Value: "people"}, {Key: "writeConcern", Value: c.sent}})))
			req, err := NewReader(bytes.NewReader(sent)).Next()
			require.NoError(t, err)
			require.Equal(t, document(t, bson.D{{Key: "insert", Value: "people"}, {Key: "writeConcern", Value: c.received}}), req.Command)
		})
	}
}

func TestACommandOfATransactionIsToldApart(t *testing.T) {
	sent := msg(0, body(document(t, bson.D{
		{Key: "insert", Value: "people"}, {Key: "startTransaction", Value: true}, {Key: "autocommit", Value: false},
	})))

	req, err := NewReader(bytes.NewReader(sent)).Next()

	require.NoError(t, err)
	require.True(t, req.Transaction)
}

func TestAGreetingInTheOldFormatIsAnsweredInTheOldFormat(t *testing.T) {
	query := append(binary.LittleEndian.AppendUint32(nil, 0), "admin.$cmd\x00"...)
	query = append(query, make([]byte, 8)...)
	query = append(query, document(t, bson.D{{Key: "isMaster", Value: 1}})...)

	req, err := NewReader(bytes.NewReader(message(opQuery, query))).Next()

	require.NoError(t, err)
	require.Equal(t, "admin", req.Database)
	require.Equal(t, "isMaster", req.Name)
	answer := document(t, bson.D{{Key: "ok", Value: 1}})
	reply := AppendReply(nil, req, answer)
	require.EqualValues(t, len(reply), binary.LittleEndian.Uint32(reply))
	require.EqualValues(t, 7, binary.LittleEndian.Uint32(reply[8:]))
	require.EqualValues(t, opReply, binary.LittleEndian.Uint32(reply[12:]))
	require.Equal(t, answer, reply[len(reply)-len(answer):])
}

func TestAReplyNamesTheRequestThatItAnswers(t *testing.T) {
	req, err := NewReader(bytes.NewReader(msg(0, body(document(t, bson.D{{Key: "ping", Value: 1}}))))).Next()
	require.NoError(t, err)

	answer := document(t, bson.D{{Key: "ok", Value: 1}})
	reply := AppendReply(nil, req, answer)

	require.Equal(t, len(reply), int(binary.LittleEndian.Uint32(reply)))
	require.EqualValues(t, 7, binary.LittleEndian.Uint32(reply[8:]))
	require.EqualValues(t, opMsg, binary.LittleEndian.Uint32(reply[12:]))
	require.Equal(t, answer, reply[21:])
}

func TestRequestsAreReadOneAfterAnother(t *testing.T) {
	ping := msg(0, body(document(t, bson.D{{Key: "ping", Value: 1}, {Key: "comment", Value: strings.Repeat("x", keep)}})))
	requests := NewReader(bytes.NewReader(append(bytes.Clone(ping), ping...)))
	for range 2 {
		_, err := requests.Next()
		require.NoError(t, err)
	}
	_, err := requests.Next()
	require.ErrorIs(t, err, io.EOF)
}

func TestBytesThatFollowNoProtocolAreRefused(t *testing.T) {
	ping := document(t, bson.D{{Key: "ping", Value: 1}})
	nested := document(t, bson.D{{Key: "find", Value: "x"}, {Key: "filter", Value: bson.D{{Key: "a", Value: "b"}}}})
	nested[len(nested)-15] = 0xff // the length of the inner document
	deep := bson.D{}
	for range maxDepth + 1 {
		deep = bson.D{{Key: "d", Value: deep}}
	}
	longer := bytes.Clone(ping)
	longer[0] += 10
	for name, sent := range map[string][]byte{
		"unknown operation":         message(2012, make([]byte, 20)),
		"no payload":                message(opMsg, nil),
		"unknown flag":              msg(1<<5, body(ping)),
		"no checksum":               msg(flagChecksum),
		"no body":                   msg(0),
		"two bodies":                msg(0, body(ping), body(ping)),
		"unknown section":           msg(0, append([]byte{2}, ping...)),
		"too short a section":       msg(0, []byte{kindBody, 1, 0}),
		"too long a section":        msg(0, body(longer)),
		"section without a name":    msg(0, append(binary.LittleEndian.AppendUint32([]byte{kindDocuments}, 8), "abcd"...)),
		"empty command":             msg(0, body(document(t, bson.D{}))),
		"database is no text":       msg(0, body(document(t, bson.D{{Key: "ping", Value: 1}, {Key: "$db", Value: 1}}))),
		"database with a zero":      msg(0, body(document(t, bson.D{{Key: "ping", Value: 1}, {Key: "$db", Value: "a\x00b"}}))),
		"inner length out of range": msg(0, body(nested)),
		"nested too deeply":         msg(0, body(document(t, deep))),
		"query without a name":      message(opQuery, []byte{0, 0, 0, 0, 'a'}),
		"query without a document":  message(opQuery, append([]byte("\x00\x00\x00\x00a.b\x00"), make([]byte, 8)...)),
		"huge":                      binary.LittleEndian.AppendUint32(nil, 1<<31),
	} {
		t.Run(name, func(t *testing.T) {
			if len(sent) < headerLen {
				sent = append(sent, make([]byte, headerLen-len(sent))...)
			}
			_, err := NewReader(bytes.NewReader(sent)).Next()
			require.ErrorIs(t, err, ErrMalformed)
		})
	}
}

// Whatever arrives, reading ends in an error or in a command that is sound at every depth.
func FuzzNext(f *testing.F) {
	ping := document(f, bson.D{{Key: "ping", Value: 1}, {Key: "$db", Value: "admin"}})
	f.Add(msg(0, body(ping))[headerLen:], uint32(opMsg))
	f.Add(msg(flagMoreToCome, body(ping), documents("documents", ping, ping))[headerLen:], uint32(opMsg))
	f.Add(append([]byte("\x00\x00\x00\x00admin.$cmd\x00\x00\x00\x00\x00\x01\x00\x00\x00"), ping...), uint32(opQuery))
	f.Add(msg(0, body(document(f, bson.D{
		{Key: "aggregate", Value: "c"},
		{Key: "code", Value: bson.CodeWithScope{Code: "f", Scope: bson.D{{Key: "a", Value: 1}}}},
		{Key: "regex", Value: bson.Regex{Pattern: "a", Options: "i"}},
		{Key: "binary", Value: bson.Binary{Subtype: 2, Data: []byte{1, 2}}},
	})))[headerLen:], uint32(opMsg))
	f.Fuzz(func(t *testing.T, payload []byte, opcode uint32) {
		req, err := NewReader(bytes.NewReader(message(opcode, payload))).Next()
		if err != nil {
			return
		}
		require.NotEmpty(t, req.Name)
		require.NoError(t, checkDocument(req.Command))
	})
}
