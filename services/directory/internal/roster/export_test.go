package roster

// KnownHeader lists a field's headers as they are compared.
type KnownHeader struct {
	Field   string
	Headers []string
}

// KnownHeaders shows the table to tests. A header that one field has twice counts once.
func KnownHeaders() []KnownHeader {
	var all []KnownHeader
	for _, c := range columns() {
		k := KnownHeader{Field: c.word}
		seen := map[string]bool{}
		for _, h := range append(c.headers(), c.unsure...) {
			if key := headerKey(h); !seen[key] {
				seen[key] = true
				k.Headers = append(k.Headers, key)
			}
		}
		all = append(all, k)
	}
	return all
}
