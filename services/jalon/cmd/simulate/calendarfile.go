package main

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strconv"
	"strings"
	"time"
)

// invitation is what a calendar program reads of a mail: enough of RFC 5545 to check what was sent, and none of what wrote it.
type invitation struct {
	method, uid string
	sequence    int
	begins      time.Time
	attendee    string
}

// unfold returns the parts of a mail by their kind, decoded.
func unfold(message *mail.Message) (map[string]string, error) {
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	parts := map[string]string{}
	if !strings.HasPrefix(kind, "multipart/") {
		content, err := io.ReadAll(message.Body)
		parts[kind] = string(content)
		return parts, err
	}
	for reader := multipart.NewReader(message.Body, parameters["boundary"]); ; {
		part, err := reader.NextPart() // which decodes quoted-printable by itself
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
		var body io.Reader = part
		if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
			body = base64.NewDecoder(base64.StdEncoding, part)
		}
		content, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			return nil, err
		}
		parts[kind] += string(content)
	}
}

// readCalendar reads the lines that matter here.
func readCalendar(content string) *invitation {
	read := &invitation{sequence: -1}
	content = strings.NewReplacer("\r\n ", "", "\r\n\t", "").Replace(content) // long lines are folded
	for line := range strings.SplitSeq(content, "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, ";")
		switch name {
		case "METHOD":
			read.method = value
		case "UID":
			read.uid = value
		case "SEQUENCE":
			if n, err := strconv.Atoi(value); err == nil {
				read.sequence = n
			}
		case "DTSTART":
			if at, err := time.Parse("20060102T150405Z", value); err == nil {
				read.begins = at
			}
		case "ATTENDEE":
			read.attendee = value[strings.LastIndexByte(value, ':')+1:]
		}
	}
	return read
}
