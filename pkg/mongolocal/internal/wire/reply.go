package wire

import "encoding/binary"

// AppendReply writes the answer to a request, whose body is a BSON document.
func AppendReply(dst []byte, req Request, body []byte) []byte {
	if req.legacy {
		return appendLegacyReply(dst, req.id, body)
	}
	const msgHead = headerLen + 4 + 1 // flags and the kind of the only section
	dst = appendHeader(dst, msgHead+len(body), req.id, opMsg)
	dst = binary.LittleEndian.AppendUint32(dst, 0)
	dst = append(dst, kindBody)
	return append(dst, body...)
}

func appendLegacyReply(dst []byte, id uint32, body []byte) []byte {
	const replyHead = headerLen + 4 + 8 + 4 + 4 // flags, cursor, first document, number of documents
	dst = appendHeader(dst, replyHead+len(body), id, opReply)
	dst = binary.LittleEndian.AppendUint32(dst, 0)
	dst = binary.LittleEndian.AppendUint64(dst, 0)
	dst = binary.LittleEndian.AppendUint32(dst, 0)
	dst = binary.LittleEndian.AppendUint32(dst, 1)
	return append(dst, body...)
}

// appendHeader leaves the answer's own number zero: no client asks for it.
func appendHeader(dst []byte, size int, answerTo, opcode uint32) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(size))
	dst = binary.LittleEndian.AppendUint32(dst, 0)
	dst = binary.LittleEndian.AppendUint32(dst, answerTo)
	return binary.LittleEndian.AppendUint32(dst, opcode)
}
