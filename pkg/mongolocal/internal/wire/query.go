package wire

import "bytes"

// parseQuery reads an OP_QUERY, which drivers send only to greet a server that they do not know yet.
func parseQuery(payload, scratch []byte) (Request, error) {
	const flags, skipAndLimit = 4, 8
	collection, rest, found := bytes.Cut(payload[flags:], []byte{0})
	if !found || len(rest) < skipAndLimit {
		return Request{}, malformed("query")
	}
	database, _, _ := bytes.Cut(collection, []byte{'.'})
	body, err := cut(rest[skipAndLimit:])
	if err != nil {
		return Request{}, err
	}
	req := Request{Database: string(database), legacy: true}
	req.Command, err = appendBody(append(scratch[:0], 0, 0, 0, 0), body, &req)
	if err != nil {
		return Request{}, err
	}
	req.Command = closeDocument(req.Command, 0)
	return req, nil
}
